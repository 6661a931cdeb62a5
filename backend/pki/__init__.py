"""Certificates: those of the operator's own authorities, and what is said about them and others'."""
