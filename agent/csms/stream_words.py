"""What streams of monitored values need of an OCPP version."""

from __future__ import annotations

from typing import Protocol

from agent.monitoring.streams import Batch, Stream
from ocppj.messages.fields import Payload


class StreamWords(Protocol):
    """The messages of a version that knows streams."""

    def open(self, stream: Stream) -> Payload:
        """Return the message that opens a stream."""

    def is_opened(self, response: Payload) -> bool:
        """Return whether the backend has opened it."""

    def close(self, number: int) -> Payload:
        """Return the message that closes a stream."""

    def values(self, batch: Batch) -> Payload:
        """Return the message, never answered, that tells values."""
