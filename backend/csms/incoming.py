"""A call from a charger, and how actions answer it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from backend.db.group_commit import Handler
from ocppj.errors import OcppError
from ocppj.messages.fields import Payload

RequestT_co = TypeVar("RequestT_co", bound=Payload, covariant=True)
Answer = Payload | OcppError


class Incoming(msgspec.Struct, Generic[RequestT_co], frozen=True):
    """A call as it came: `station_id` is the primary key, `frame` the text on the wire."""

    station_id: int
    identity: str
    message_id: str
    request: RequestT_co
    frame: str
    received_at: datetime

    def __str__(self) -> str:
        return f"{type(self.request).__name__} {self.message_id} of {self.identity}"


class WithoutMemory:
    """A handler that keeps nothing between batches."""

    def committed(self, items: Sequence[Incoming[Any]], results: Sequence[Answer]) -> None:
        """There is nothing to remember."""


@dataclass(frozen=True, slots=True)
class Immediate:
    """An action that is answered without the database."""

    answer: Callable[[Incoming[Payload]], Answer]


@dataclass(frozen=True, slots=True)
class Stored:
    """An action that is answered once it is on disk."""

    handler: Handler[Incoming[Any], Answer]


@dataclass(frozen=True, slots=True)
class Awaited:
    """An action that waits for others before it is answered, in a task that ends with the connection."""

    answer: Callable[[Incoming[Any]], Awaitable[Answer]]


Actions = Mapping[str, Immediate | Stored | Awaited]
"""What a version's chargers may call, and who answers."""
