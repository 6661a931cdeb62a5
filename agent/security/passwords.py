"""Passwords as OCPP 1.6 writes them: AuthorizationKey is the hexadecimal form of 16 to 20 bytes. Pure.

Bytes that are no UTF-8 are kept in a text as lone surrogates, which a database does not take.
"""

from __future__ import annotations

import re
from typing import Final

_KEY: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){16,20}")
_MARK: Final = "hex:"


def of_key(key: str) -> str | None:
    """Return the password that a key stands for; None if it can only be meant as it is."""
    return _text(key) if _KEY.fullmatch(key) else None


def as_bytes(password: str) -> bytes:
    """Return what goes over the wire."""
    return password.encode("utf-8", "surrogateescape")


def to_key(password: str) -> str | None:
    """Return the key of a password that is no text; None for any other."""
    try:
        password.encode("utf-8")
    except UnicodeEncodeError:
        return as_bytes(password).hex()
    return None


def to_store(password: str) -> str:
    """Return a form that can be stored, and be told from any password that is a text."""
    key = to_key(password)
    return password if key is None else _MARK + key


def from_store(stored: str) -> str:
    """Return what was stored."""
    marked = stored.removeprefix(_MARK)
    return _text(marked) if marked != stored and _KEY.fullmatch(marked) else stored


def _text(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-8", "surrogateescape")
