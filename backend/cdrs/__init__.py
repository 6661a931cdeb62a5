"""Charge detail records: complete sessions, rated (OCPI 2.2.1)."""
