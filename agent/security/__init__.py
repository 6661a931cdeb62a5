"""Security of the station: what happened, who it is to the backend, whom it trusts, and new certificates."""
