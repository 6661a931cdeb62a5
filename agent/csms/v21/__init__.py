"""OCPP 2.1: what it adds to 2.0.1, one action per file; the rest is 2.0.1's."""
