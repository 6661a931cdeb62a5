"""What the operator can ask of a charging station in OCPP 2.0.1: one request per file.

Each function sends the request and returns the charger's answer. All raise StationSilent if no answer came,
and StationRefused if the answer is an error.
"""
