"""Charging stations as the operator sees them."""
