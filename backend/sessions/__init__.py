"""Charging sessions as the operator sees them: made from the events of chargers, whatever OCPP they speak."""
