"""The OCPP server: chargers' connections, what they report, what they are asked to do."""
