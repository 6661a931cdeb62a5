"""From charging profiles to limits: what every EVSE may draw, now and later. Pure; knows no OCPP version."""
