"""Plug & Charge in OCPP 1.6: 2.0.1's messages as texts in DataTransfer (OCA application note of 2020)."""

VENDOR = "org.openchargealliance.iso15118pnc"
