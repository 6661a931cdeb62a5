"""Who understands the messages of which vendor.

How to use it: `vendors.register("org.example.vendor", "hello", handle)`, with an `async def handle(data)`
that returns an `Answer`. A message id of None stands for messages that name none. Nothing is registered by
itself: what OCPP has a message for is never done by these (P01.FR.01, P02.FR.02).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a message; `why` says in words why it was refused."""

    status: Status
    data: Any = None
    why: str | None = None


Handle = Callable[[Any], Awaitable[Answer]]


class Vendors:
    """The vendors known here."""

    def __init__(self) -> None:
        self._handlers: dict[str, dict[str | None, Handle]] = {}

    def register(self, vendor_id: str, message_id: str | None, handle: Handle) -> None:
        """Let messages of this vendor with this id be handled so; vendors compare without case."""
        self._handlers.setdefault(vendor_id.casefold(), {})[message_id] = handle

    async def receive(self, vendor_id: str, message_id: str | None, data: Any) -> Answer:
        """Return the answer to a message (P01.FR.05, P01.FR.06, P01.FR.07)."""
        known = self._handlers.get(vendor_id.casefold())
        if known is None:
            return Answer(status="UnknownVendorId", why=f"no vendor {vendor_id} is known here")
        handle = known.get(message_id)
        if handle is None:
            return Answer(status="UnknownMessageId", why=f"no message {message_id} of this vendor is known")
        return await handle(data)
