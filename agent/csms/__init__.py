"""The station's side of OCPP: connection, registration, delivery, and a folder per version."""
