"""OCPP 2.0.1: one action per file, translating between messages and the station's own terms."""
