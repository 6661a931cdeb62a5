"""What this station holds about a customer, and how that is reported and cleared (N09, N10)."""
