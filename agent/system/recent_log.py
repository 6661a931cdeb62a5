"""The latest log lines, kept in memory for a technician who has no journal at hand."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from agent.system.control import Command, ControlError

KEPT: Final = 1000
LONGEST: Final = 1000
"""Characters of a line that are kept."""
AT_ONCE: Final = 50
"""Lines in one answer."""
FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class RecentLog(logging.Handler):
    """Keeps the latest lines, numbered from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(FORMAT))
        self._lines: deque[str] = deque(maxlen=KEPT)
        self._count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record as a line."""
        try:
            self._lines.append(self.format(record)[:LONGEST])
            self._count += 1
        except Exception:  # what cannot be written must not stop who wrote it (logging.Handler.emit)
            self.handleError(record)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Take what everybody logs inside."""
        root = logging.getLogger()
        root.addHandler(self)
        try:
            yield
        finally:
            root.removeHandler(self)

    def commands(self) -> dict[str, Command]:
        """Return the command that tells the lines after a number, or the latest ones."""
        return {"log": self._tell}

    async def _tell(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        after = request.get("after")
        if after is not None and not isinstance(after, int):
            raise ControlError("after is the number of a line")
        first = self._count - len(self._lines)
        begin = self._count - AT_ONCE if after is None else after
        begin = min(max(begin, first), self._count)
        lines = list(self._lines)[begin - first : begin - first + AT_ONCE]
        return {"lines": lines, "last": begin + len(lines)}
