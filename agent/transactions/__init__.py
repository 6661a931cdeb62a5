"""One charging session: what is recorded of it and when it starts and stops. Free of any OCPP version."""
