"""The device model: every variable declared in data, checked on write, persisted."""
