"""`make demo`: one charging session, end to end, on emulated hardware."""
