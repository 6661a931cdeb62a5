"""What the operator has taken out of service: station, EVSEs, connectors. Free of any OCPP version."""
