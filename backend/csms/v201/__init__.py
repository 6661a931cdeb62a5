"""OCPP 2.0.1: one action per file. `actions` has the table."""
