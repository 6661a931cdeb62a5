"""When a card counts as presented: once, and anew only after it was away. Pure."""

from __future__ import annotations

from typing import Final

AGREEING: Final = 2
"""Looks in a row that must see the same card before it is believed."""
MISSING: Final = 3
"""Looks in a row that must see no card before it counts as taken away: a held card flickers at the edge."""


class Presence:
    """Follows what a reader sees, look by look."""

    def __init__(self) -> None:
        self._present: str | None = None
        self._seen: str | None = None
        self._times = 0

    def look(self, uid: str | None) -> str | None:
        """Take what one look saw, and return the card if it is thereby presented."""
        self._times = self._times + 1 if uid == self._seen else 1
        self._seen = uid
        if self._times < (MISSING if uid is None else AGREEING) or uid == self._present:
            return None
        self._present = uid
        return uid
