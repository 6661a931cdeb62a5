"""Takes secrets out of text that leaves the station."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_SHORTEST_SECRET = 6
_PATTERNS = (
    (re.compile(r"([a-z][a-z0-9+.-]*://)[^\s/@\"']+@", re.IGNORECASE), r"\1***@"),
    (
        re.compile(
            r"((?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?(?:basic|bearer)\s+)[^\s\"',]+", re.IGNORECASE
        ),
        r"\1***",
    ),
    (
        re.compile(
            r"((?:password|passwd|secret|token=|api[_-]?key)[\"']?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;]+)",
            re.IGNORECASE,
        ),
        r"\1***",
    ),
    (re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----).*", re.DOTALL), r"\1***"),
)


def mask(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return what takes these secrets, and whatever looks like one, out of a line."""
    known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}, key=len, reverse=True)
    literal = re.compile("|".join(map(re.escape, known))) if known else None

    def masked(line: str) -> str:
        if literal is not None:
            line = literal.sub("***", line)
        for pattern, instead in _PATTERNS:
            line = pattern.sub(instead, line)
        return line

    return masked
