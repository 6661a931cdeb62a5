"""X.509 for both ends: chains and what a use demands of them, stores of roots and keys, requests, issuing."""
