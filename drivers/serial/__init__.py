"""Devices on serial lines of their own, which speak something else than Modbus."""
