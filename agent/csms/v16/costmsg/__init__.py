"""Prices and costs in OCPP 1.6: texts in DataTransfer (OCA: OCPP and California pricing requirements)."""

VENDOR = "org.openchargealliance.costmsg"
