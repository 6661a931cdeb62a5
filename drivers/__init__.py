"""Hardware only: Modbus and serial devices, real and emulated. Knows nothing of sessions or OCPP."""
