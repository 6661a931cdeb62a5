"""Devices that are spoken to over HTTP."""
