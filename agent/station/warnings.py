"""What is wrong and keeps nobody from charging: a fault puts an EVSE out of order, a warning does not."""

from __future__ import annotations

from typing import Final

READER_SILENT: Final = "a card reader does not answer"
LIST_CONFLICTS: Final = "the backend refuses a token that its local list accepts"

STATION: Final = 0
"""Stands for the station as a whole, where others are numbered."""


class Warnings:
    """The warning of each EVSE, and of the station."""

    def __init__(self) -> None:
        self._of: dict[int, str] = {}

    def of(self, place: int) -> str | None:
        """Return what is wrong at an EVSE, or at the station (`STATION`)."""
        return self._of.get(place)

    def see(self, found: dict[int, str]) -> bool:
        """Take note of all there are now, and return whether that is news."""
        is_news = found != self._of
        self._of = found
        return is_news
