"""The typed OCPP messages: one module per version, written by `python -m ocppj.messages.generate`."""
