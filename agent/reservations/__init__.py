"""Who has which EVSE reserved until when. Free of any OCPP version."""
