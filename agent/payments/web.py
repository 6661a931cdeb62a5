"""The address in the code on a display, with a one-time password that proves where it was read. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
VERSION: Final = "v1"
"""Of the algorithm."""


def one_time_password(secret: str, validity_s: int, length: int, at: datetime) -> str:
    """Return the password of the interval that this time is in (TOTP of OCPP 2.1 C25, version 1).

    An HMAC-SHA256 over the number of the interval, written with letters and digits from where its last four
    bits point.
    """
    interval = int(at.timestamp()) // validity_s
    digest = hmac.new(secret.encode(), interval.to_bytes(8, "big"), hashlib.sha256).digest()
    start = digest[-1] & 0x0F
    return "".join(_DIGITS[digest[(start + place) % len(digest)] % len(_DIGITS)] for place in range(length))


def address(
    template: str, station_id: str, evse_id: int, password: str, limits: Mapping[str, str] | None = None
) -> str:
    """Return the address that a template makes; `limits` are what the driver wants to be the most."""
    parts = {"chargingstationid": station_id, "evse": str(evse_id), "totp": password, "version": VERSION}
    for name, value in parts.items():
        template = template.replace(f"{{{name}}}", quote(value, safe=""))
    if not limits:
        return template
    return f"{template}{'&' if '?' in template else '?'}{urlencode(limits)}"
