"""What really happened, as JSON lines: to compare with what a master made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Protocol


class Log(Protocol):
    """Where events of a rig go."""

    def write(self, what: str, **fields: object) -> None:
        """Note an event."""


class NoLog:
    """Keeps nothing."""

    def write(self, what: str, **fields: object) -> None:
        """Forget it."""


class TruthLog:
    """Appends to a file, line by line, while entered as a context manager.

    Each line is an object with `at` (wall clock, UTC), `s` (the monotonic clock that a master on the same
    machine has too) and `what`; the other fields depend on it.
    """

    def __init__(self, path: Path, clock_s: Callable[[], float]) -> None:
        self._path = path
        self._clock_s = clock_s
        self._file: IO[str] | None = None

    def __enter__(self) -> TruthLog:
        self._file = self._path.open("a", encoding="utf-8", buffering=1)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, what: str, **fields: object) -> None:
        """Append a line."""
        if self._file is not None:
            record = {"at": datetime.now(UTC).isoformat(), "s": self._clock_s(), "what": what, **fields}
            self._file.write(json.dumps(record, default=_plain) + "\n")


def _plain(value: object) -> object:
    """Return what JSON has for a value: a number as exact text, names in order."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value)
