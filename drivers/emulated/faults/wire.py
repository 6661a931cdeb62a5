"""Faults between the device and the master: damaged, lost, late and doubled characters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import ClassVar

from drivers.emulated.exchange import Message, Sending
from drivers.emulated.faults.fault import SERIAL, TCP, Medium, WireFault
from drivers.emulated.rtu import Frame

Sendings = tuple[Sending, ...]


@dataclass(frozen=True, slots=True)
class Crc(WireFault):
    """The checksum is wrong."""

    name: ClassVar[str] = "crc"
    media: ClassVar[frozenset[Medium]] = SERIAL

    def damage(self, sendings: Sendings, request: Message, rng: Random) -> Sendings:
        """Turn the checksum's bits over."""
        del request, rng
        return _each(sendings, lambda data: data[:-2] + bytes(byte ^ 0xFF for byte in data[-2:]))


@dataclass(frozen=True, slots=True)
class BitFlip(WireFault):
    """Some bits arrive turned over; up to three are always found by the checksum."""

    bits: int = 1
    name: ClassVar[str] = "bit-flip"
    media: ClassVar[frozenset[Medium]] = SERIAL

    def __post_init__(self) -> None:
        """Refuse less than one bit, or more than the shortest frame has (ValueError)."""
        if not 1 <= self.bits <= 32:
            raise ValueError(f"{self.bits} bits is not between 1 and 32")

    def damage(self, sendings: Sendings, request: Message, rng: Random) -> Sendings:
        """Flip different bits anywhere in the frame."""
        del request
        return _each(sendings, lambda data: self._flipped(data, rng))

    def _flipped(self, data: bytes, rng: Random) -> bytes:
        damaged = bytearray(data)
        for bit in rng.sample(range(8 * len(data)), min(self.bits, 8 * len(data))):
            damaged[bit // 8] ^= 1 << bit % 8
        return bytes(damaged)


@dataclass(frozen=True, slots=True)
class Truncate(WireFault):
    """The last bytes are missing."""

    missing: int = 3
    name: ClassVar[str] = "truncate"

    def __post_init__(self) -> None:
        """Refuse to take nothing away (ValueError)."""
        if not 1 <= self.missing <= 255:
            raise ValueError(f"{self.missing} bytes is not between 1 and 255")

    def damage(self, sendings: Sendings, request: Message, rng: Random) -> Sendings:
        """Cut the end off."""
        del request, rng
        return _each(sendings, lambda data: data[: -self.missing])


@dataclass(frozen=True, slots=True)
class LostReply(WireFault):
    """The request is carried out, and the reply gets lost."""

    name: ClassVar[str] = "lost-reply"

    def damage(self, sendings: Sendings, request: Message, rng: Random) -> Sendings:
        """Send nothing."""
        del sendings, request, rng
        return ()


@dataclass(frozen=True, slots=True)
class Delay(WireFault):
    """The reply comes later than usual, and the line is free until then: mind the master's timeout."""

    seconds: float = 1.0
    name: ClassVar[str] = "delay"

    def __post_init__(self) -> None:
        """Refuse a time that is none (ValueError)."""
        if not 0 < self.seconds <= 3600:
            raise ValueError(f"{self.seconds} s is not between 0 and 3600")

    def damage(self, sendings: Sendings, request: Message, rng: Random) -> Sendings:
        """Put everything off."""
        del request, rng
        return tuple(replace(one, after_s=one.after_s + self.seconds) for one in sendings)


@dataclass(frozen=True, slots=True)
class Duplicate(WireFault):
    """The reply comes twice."""

    name: ClassVar[str] = "duplicate"

    def damage(self, sendings: Sendings, request: Message, rng: Random) -> Sendings:
        """Send it again."""
        del request, rng
        return sendings + sendings


@dataclass(frozen=True, slots=True)
class Echo(WireFault):
    """The adapter gives back what the master sends, before the reply."""

    name: ClassVar[str] = "echo"
    media: ClassVar[frozenset[Medium]] = SERIAL

    def damage(self, sendings: Sendings, request: Message, rng: Random) -> Sendings:
        """Put the request before the reply."""
        del rng
        return (Sending(data=request.encode(), at_once=True), *sendings)


@dataclass(frozen=True, slots=True)
class LeadingNoise(WireFault):
    """One character too many before the reply, as when a driver is switched on."""

    byte: int = 0
    name: ClassVar[str] = "leading-noise"
    media: ClassVar[frozenset[Medium]] = SERIAL

    def __post_init__(self) -> None:
        """Refuse what is no byte (ValueError)."""
        if not 0 <= self.byte <= 255:
            raise ValueError(f"{self.byte} is not between 0 and 255")

    def damage(self, sendings: Sendings, request: Message, rng: Random) -> Sendings:
        """Put the character before the frame."""
        del request, rng
        return _each(sendings, lambda data: bytes((self.byte,)) + data)


@dataclass(frozen=True, slots=True)
class Contention(WireFault):
    """A second device with the same address answers at the same time: low bits win."""

    name: ClassVar[str] = "contention"
    media: ClassVar[frozenset[Medium]] = SERIAL

    def damage(self, sendings: Sendings, request: Message, rng: Random) -> Sendings:
        """Mix every frame with one that says other numbers."""
        del request
        return _each(sendings, lambda data: _mixed(data, rng))


@dataclass(frozen=True, slots=True)
class Reset(WireFault):
    """The TCP connection is reset in the middle of the reply."""

    name: ClassVar[str] = "reset"
    media: ClassVar[frozenset[Medium]] = TCP

    def damage(self, sendings: Sendings, request: Message, rng: Random) -> Sendings:
        """Send half of it and break off."""
        del request, rng
        return tuple(replace(one, data=one.data[: len(one.data) // 2], reset=True) for one in sendings[:1])


def _mixed(data: bytes, rng: Random) -> bytes:
    other = Frame(data[0], data[1:3] + rng.randbytes(max(0, len(data) - 5))).encode()
    return bytes(one & two for one, two in zip(data, other, strict=False))


def _each(sendings: Sendings, change: Callable[[bytes], bytes]) -> Sendings:
    """Change every reply, but not an echo of the request."""
    return tuple(one if one.at_once else replace(one, data=change(one.data)) for one in sendings)
