"""OCPP 2.0.1, the charging station's side."""
