"""What a fault is: frozen values, sorted by what they get hold of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import MutableMapping
from dataclasses import dataclass
from random import Random
from typing import ClassVar, Final, Literal

from drivers.emulated.exchange import Message, Sending
from drivers.profiles.point import Point
from drivers.profiles.values import Value

Medium = Literal["pty", "rtu-over-tcp", "tcp"]
"""What carries frames: RTU on a serial line, RTU in a TCP stream, Modbus TCP (plain, TLS or dialled)."""
EVERYWHERE: Final[frozenset[Medium]] = frozenset({"pty", "rtu-over-tcp", "tcp"})
SERIAL: Final[frozenset[Medium]] = frozenset({"pty", "rtu-over-tcp"})
TCP: Final[frozenset[Medium]] = frozenset({"tcp"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of misbehaviour and how strong it is; `name` is what files and commands call it."""

    name: ClassVar[str]
    media: ClassVar[frozenset[Medium]] = EVERYWHERE


@dataclass(frozen=True, slots=True)
class RequestFault(Fault, ABC):
    """Decides about a request before the device looks at it."""

    @abstractmethod
    def refuse(self, request: Message) -> bytes | None:
        """Return the PDU that is answered instead of carrying the request out, or None for no answer."""


@dataclass(frozen=True, slots=True)
class MessageFault(Fault, ABC):
    """Changes a reply before it is coded for the wire, so that its checksum is right."""

    @abstractmethod
    def change(self, reply: Message, rng: Random) -> Message:
        """Return the reply that goes out instead."""


@dataclass(frozen=True, slots=True)
class WireFault(Fault, ABC):
    """Damages the bytes of a reply, or when and how often they go out."""

    @abstractmethod
    def damage(self, sendings: tuple[Sending, ...], request: Message, rng: Random) -> tuple[Sending, ...]:
        """Return what goes out instead."""


@dataclass(frozen=True, slots=True)
class ValueFault(Fault):
    """Makes registers show something else than the truth."""

    def touches(self, point: Point) -> bool:
        """Tell whether it concerns a point that nobody named: by default all that is measured."""
        return point.measurand is not None

    def value(
        self, point: Point, value: Value | None, memory: MutableMapping[str, Value | None], rng: Random
    ) -> Value | None:
        """Return what the point shows instead; `memory` lives as long as the occurrence."""
        del point, memory, rng
        return value

    def words(self, point: Point, words: tuple[int, ...]) -> tuple[int, ...]:
        """Return what the point's registers hold instead, in the order of their addresses."""
        del point
        return words


@dataclass(frozen=True, slots=True)
class WriteFault(Fault, ABC):
    """Confirms a write without doing it, or not yet."""

    @abstractmethod
    def delay_s(self) -> float | None:
        """Return after how long the write is carried out (s), or None for never."""


@dataclass(frozen=True, slots=True)
class StateFault(Fault):
    """Begins and ends: it changes the device or its line, not single requests."""

    def lasts_s(self, rng: Random) -> float | None:
        """Return how long one occurrence lasts by its own nature, or None if that is for others to say."""
        del rng
        return None
