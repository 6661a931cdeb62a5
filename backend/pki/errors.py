"""What can be wrong with the PKI directory, or with what is asked of it."""

from __future__ import annotations


class PkiError(Exception):
    """It cannot be done; the message names the file or thing, and says what to do next."""
