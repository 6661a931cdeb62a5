"""OCPP 1.6, the charge point's side; cases are named as the OCA's test case document does (TC_001)."""
