"""Messages of OCPP 2.0.1 as OCPP 2.1 has them.

2.1 only adds to the messages of 2.0.1: it has every type and every member of theirs under the same name (a
test holds the schemas to that). So what handles a 2.0.1 request can read a 2.1 request, and what it answers
or asks needs nothing but the other version's types, which check it by 2.1's own rules when it is sent.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from msgspec.structs import fields

from ocppj.messages import v21, v201
from ocppj.messages.fields import Payload

_P = TypeVar("_P", bound=Payload)


def carry(message: Payload) -> Payload:
    """Return a message of 2.0.1, and all in it, in the types of 2.1; one of 2.1 as it is."""
    found = _counterpart(type(message))
    if found is None:
        return message
    kind, names = found
    return kind(**{name: _carried(getattr(message, name)) for name in names})


def carried(message: Payload, kind: type[_P]) -> _P:
    """Return a message of 2.0.1 as this type of 2.1, for more to be added to it."""
    told = carry(message)
    if not isinstance(told, kind):
        raise TypeError(f"{type(message).__qualname__} is no {kind.__qualname__}")
    return told


def _carried(value: Any) -> Any:
    if isinstance(value, Payload):
        return carry(value)
    if isinstance(value, tuple):
        return tuple(_carried(item) for item in value)
    return value


@cache
def _counterpart(kind: type[Payload]) -> tuple[type[Payload], tuple[str, ...]] | None:
    if not kind.__module__.startswith(f"{v201.__name__}."):
        return None
    return getattr(v21, kind.__name__), tuple(member.name for member in fields(kind))
