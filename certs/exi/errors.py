"""What can be wrong with a message, or with the bytes of one."""

from __future__ import annotations


class ExiError(Exception):
    """The root of what this package raises."""


class CannotEncode(ExiError):
    """The message does not keep to its schema; `path` has the names of the elements around what is wrong."""

    def __init__(self, why: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(f"{'.'.join(path)}: {why}" if path else why)
        self.why = why
        self.path = path


class CannotDecode(ExiError):
    """The bytes are no message of this schema; says where."""
