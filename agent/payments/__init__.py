"""Payments without a contract: by card at a terminal, or on the web by the code on a display (C18 to C25)."""
