"""What is wrong with a profile file, and where."""

from __future__ import annotations

from pathlib import Path


class ProfileError(Exception):
    """A profile cannot be used; the message names file, line, field and what would be right.

    `path` and `line` are None when there is no file to point into (an unknown profile id).
    """

    def __init__(
        self, problem: str, *, path: Path | None = None, line: int | None = None, field: str = ""
    ) -> None:
        place = ":".join(str(part) for part in (path, line) if part is not None)
        super().__init__(": ".join(part for part in (place, field, problem) if part))
        self.path = path
        self.line = line
        self.field = field
        self.problem = problem
