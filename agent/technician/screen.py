"""Where a technician's commands write: a terminal that can be redrawn, or plain lines."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

_HOME_AND_CLEAR = "\x1b[H\x1b[J"
_LINE_START_AND_CLEAR = "\r\x1b[K"


class Screen:
    """Results go to `out`; progress, which nobody wants in a file, to `err`."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._progress = ""

    @property
    def is_live(self) -> bool:
        """Whether the output is a terminal."""
        return self._out.isatty()

    def line(self, text: str = "") -> None:
        """Write a line that stays."""
        self._wipe_progress()
        self._out.write(text + "\n")
        self._out.flush()

    def page(self, lines: Sequence[str]) -> None:
        """Show lines in place of those shown before, or after them without a terminal."""
        self._out.write((_HOME_AND_CLEAR if self.is_live else "") + "\n".join(lines) + "\n")
        self._out.flush()

    def progress(self, text: str, *, stays: bool = False) -> None:
        """Say what is being done, on one line; without a terminal only what `stays`."""
        if self._err.isatty():
            self._err.write(_LINE_START_AND_CLEAR + text)
            self._progress = text
        elif stays:
            self._err.write(text + "\n")
        self._err.flush()

    def problem(self, text: str) -> None:
        """Say what went wrong."""
        self._wipe_progress()
        self._err.write(text + "\n")
        self._err.flush()

    def _wipe_progress(self) -> None:
        if self._progress:
            self._err.write(_LINE_START_AND_CLEAR)
            self._err.flush()
            self._progress = ""


def table(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Return rows as lines with aligned columns; those in `right` to the right."""
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
