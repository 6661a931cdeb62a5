"""One request and what goes back on the wire, whatever the line: the values that lines and devices trade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

from drivers.emulated.mbap import TcpFrame
from drivers.emulated.rtu import Frame


@dataclass(frozen=True, slots=True)
class Message:
    """A PDU with its address; `transaction` is None on a serial line, where nothing numbers requests."""

    unit: int
    pdu: bytes
    transaction: int | None = None

    def encode(self) -> bytes:
        """Return the bytes on the wire: RTU without a transaction, else Modbus TCP."""
        if self.transaction is None:
            return Frame(self.unit, self.pdu).encode()
        return TcpFrame(self.transaction, self.unit, self.pdu).encode()

    def saying(self, pdu: bytes) -> Self:
        """Return a message with the same address and number, and another content."""
        return replace(self, pdu=pdu)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Bytes that a device puts on the wire; several are sent one after the other."""

    data: bytes
    after_s: float = 0.0
    """How much later than the device usually answers."""
    at_once: bool = False
    """Already there while the request was sent (an adapter's echo), not paced after it."""
    reset: bool = False
    """The device resets the TCP connection after these bytes."""


class Station(Protocol):
    """Whatever answers at a unit address of a line."""

    def serve(self, request: Message) -> Sequence[Sending]:
        """Carry the request out and return what goes back; nothing if the device does not react."""
