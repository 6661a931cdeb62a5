"""What can go wrong while administering."""

from __future__ import annotations


class AdminError(Exception):
    """It cannot be done; the message says why and what would help."""
