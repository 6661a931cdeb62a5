"""Firmware: fetched, checked, installed into the other slot, tried, confirmed or taken back (block L)."""
