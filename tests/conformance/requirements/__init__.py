"""Which requirement of the standard is shown by which test, or why by none: docs/ocpp-requirements."""
