"""What can be wrong with a message, or with the bytes of one."""

from __future__ import annotations


class ExiError(Exception):
    """The root of what this package raises."""


class CannotEncode(ExiError):
    """The message does not keep to its schema; says where."""


class CannotDecode(ExiError):
    """The bytes are no message of this schema; says where."""
