"""Who may charge: the decision for a presented token."""
