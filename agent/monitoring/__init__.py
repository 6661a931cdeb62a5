"""Watches variables of the device model and tells the backend what happens to them (block N)."""
