"""OCPP 2.1, the charging station's side: what it adds to 2.0.1."""
