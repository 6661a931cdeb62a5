"""OCPP 1.6: one action per file, translating between messages and the station's own terms."""
