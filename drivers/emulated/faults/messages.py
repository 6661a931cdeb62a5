"""Faults that change what a reply says it is; the frame itself is well formed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import ClassVar, Final

from drivers.emulated.exchange import Message
from drivers.emulated.faults.fault import TCP, Medium, MessageFault

TWIN_FUNCTION: Final = {1: 2, 2: 1, 3: 4, 4: 3, 5: 6, 6: 5, 15: 16, 16: 15}
BIT_READS: Final = frozenset({1, 2})
READS: Final = frozenset({1, 2, 3, 4})
MULTIPLE_WRITES: Final = frozenset({15, 16})


@dataclass(frozen=True, slots=True)
class WrongUnit(MessageFault):
    """The reply comes from another unit address, by default the next one."""

    unit: int | None = None
    name: ClassVar[str] = "wrong-unit"

    def __post_init__(self) -> None:
        """Refuse what is no unit address (ValueError)."""
        if self.unit is not None and not 0 <= self.unit <= 255:
            raise ValueError(f"unit {self.unit} is not between 0 and 255")

    def change(self, reply: Message, rng: Random) -> Message:
        """Change the address."""
        del rng
        return replace(reply, unit=(reply.unit + 1) % 256 if self.unit is None else self.unit)


@dataclass(frozen=True, slots=True)
class WrongFunction(MessageFault):
    """The reply is one to the twin function: to 4 instead of 3, to 16 instead of 15."""

    name: ClassVar[str] = "wrong-function"

    def change(self, reply: Message, rng: Random) -> Message:
        """Change the function code; an exception stays one."""
        del rng
        function, failed = reply.pdu[0] & 0x7F, reply.pdu[0] & 0x80
        return reply.saying(bytes((TWIN_FUNCTION.get(function, 3) | failed,)) + reply.pdu[1:])


@dataclass(frozen=True, slots=True)
class ShortCount(MessageFault):
    """One register (or eight bits) fewer than asked for, and the byte count says so."""

    name: ClassVar[str] = "short-count"

    def change(self, reply: Message, rng: Random) -> Message:
        """Take the last one away."""
        del rng
        return _with_count(reply, -1)


@dataclass(frozen=True, slots=True)
class LongCount(MessageFault):
    """One register (or eight bits) more than asked for, and the byte count says so."""

    name: ClassVar[str] = "long-count"

    def change(self, reply: Message, rng: Random) -> Message:
        """Add one."""
        del rng
        return _with_count(reply, 1)


@dataclass(frozen=True, slots=True)
class WrongTransaction(MessageFault):
    """The reply carries the number of another request."""

    name: ClassVar[str] = "wrong-transaction"
    media: ClassVar[frozenset[Medium]] = TCP

    def change(self, reply: Message, rng: Random) -> Message:
        """Take the number before it, as a late reply would have."""
        del rng
        return replace(reply, transaction=((reply.transaction or 0) - 1) % 0x10000)


def _with_count(reply: Message, more: int) -> Message:
    """Return the reply with one value more or fewer; one that counts nothing stays as it is."""
    pdu = reply.pdu
    if pdu[0] in MULTIPLE_WRITES:
        count = int.from_bytes(pdu[3:5], "big") + more
        return reply.saying(pdu[:3] + (count % 0x10000).to_bytes(2, "big"))
    if pdu[0] not in READS:
        return reply
    size = more if pdu[0] in BIT_READS else 2 * more
    data = pdu[2 : len(pdu) + size] if size < 0 else pdu[2:] + bytes(size)
    return reply.saying(bytes((pdu[0], len(data) % 256)) + data)
