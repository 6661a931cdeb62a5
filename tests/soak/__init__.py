"""Charging sessions with the power cut at random moments: nothing may be lost, doubled or invented."""
