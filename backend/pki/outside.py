"""Other people's OCSP responders, asked over HTTP.

Chargers name the address to ask. Only those that the operator allowed are asked: a charger could otherwise
have the backend knock at any door of its network.
"""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from urllib.parse import urlsplit

_MOST_BYTES = 65_536
_TYPE = "application/ocsp-request"


class NotAnswered(Exception):
    """There is no answer from outside; says why."""


def is_allowed(url: str, allowed: Sequence[str]) -> bool:
    """Return whether an address is at one of these hosts and ports, over the same scheme."""
    try:
        asked = _origin(url)
        return asked is not None and any(_origin(one) == asked for one in allowed)
    except ValueError:
        return False


def ask(url: str, question: bytes, timeout_s: float) -> bytes:
    """Return what a responder answers (DER) to a question (DER); it waits, so call it in a thread.

    Raises:
        NotAnswered: If it does not, or not as it should.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, question, {"Content-Type": _TYPE})
        response = connection.getresponse()
        body = response.read(_MOST_BYTES + 1)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotAnswered(f"{url}: {error or type(error).__name__}") from error
    finally:
        connection.close()
    if response.status != http.client.OK or len(body) > _MOST_BYTES:
        raise NotAnswered(f"{url}: status {response.status}, {len(body)} bytes")
    return body


def _origin(url: str) -> tuple[str, str, int] | None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return parts.scheme, parts.hostname.lower(), parts.port or (443 if parts.scheme == "https" else 80)
