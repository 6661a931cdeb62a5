"""The daemon on the charger: one session from plug to transaction, and OCPP upstream."""
