"""A complete public key infrastructure for development and tests: `make pki`."""
