"""A device's registers, made from its hardware profile: the driver's direction inverted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from drivers.emulated.pdu import ExceptionCode, Refused, Space
from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value

READ_FUNCTION: dict[Space, int] = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
WRITE_FUNCTIONS: dict[Space, tuple[int, int]] = {"coil": (5, 15), "holding": (6, 16)}
"""A device that writes one value is taken to write several in one request too, and the other way round."""

Source = Callable[[Point], Value | None]
"""Gives the value of a point now, in the unit of its reading; None where the device has nothing to say."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write request that the device accepts: as it came, and what it says."""

    space: Space
    address: int
    values: tuple[int, ...]
    changes: tuple[tuple[Point, Value], ...]


Sink = Callable[[Write], None]
"""Carries out a write."""


class Image:
    """The registers of one device (see `pdu.Registers`)."""

    def __init__(self, profile: Profile, source: Source, sink: Sink) -> None:
        self._profile = profile
        self._points = sorted(profile.points, key=lambda point: point.address)
        self._source = source
        self._sink = sink
        self._kept: dict[str, Value] = {}
        self._max_read = profile.modbus.max_read
        self._readable = _readable_addresses(profile)
        self.functions = frozenset(_functions(self._points))
        """The Modbus functions the device implements."""

    def read(self, space: Space, address: int, count: int) -> Sequence[int]:
        """Return registers or bits; those that no point covers, inside the device's map, are 0.

        Raises:
            Refused: ILLEGAL_DATA_VALUE for more than the device reads at once, ILLEGAL_DATA_ADDRESS outside
                its map, SERVER_DEVICE_FAILURE if a register cannot hold its value.
        """
        if count > self._max_read and space in {"holding", "input"}:
            raise Refused(ExceptionCode.ILLEGAL_DATA_VALUE)
        end = address + count
        if not self._readable[space].issuperset(range(address, end)):
            raise Refused(ExceptionCode.ILLEGAL_DATA_ADDRESS)
        values = [0] * count
        for point in self._points:
            if point.readable and point.space == space and point.address < end and point.end > address:
                for at, value in enumerate(self._encode(point), point.address - address):
                    if 0 <= at < count:
                        values[at] = value
        return values

    def write(self, space: Space, address: int, values: Sequence[int]) -> None:
        """Decode what is written and carry it out, all or nothing.

        Raises:
            Refused: ILLEGAL_DATA_ADDRESS unless the values are exactly those of writable points,
                ILLEGAL_DATA_VALUE for one that the profile does not allow.
        """
        changes: list[tuple[Point, Value]] = []
        at, end = address, address + len(values)
        while at < end:
            point = self._writable(space, at)
            if point.end > end:
                raise Refused(ExceptionCode.ILLEGAL_DATA_ADDRESS)
            value = point.decode(values[at - address : point.end - address])
            if value is None or not point.allows(value):
                raise Refused(ExceptionCode.ILLEGAL_DATA_VALUE)
            changes.append((point, value))
            at = point.end
        self._sink(Write(space, address, tuple(values), tuple(changes)))
        self._kept.update((point.name, value) for point, value in changes)

    def _writable(self, space: Space, address: int) -> Point:
        for point in self._points:
            if point.space == space and point.address == address and point.write is not None:
                return point
        raise Refused(ExceptionCode.ILLEGAL_DATA_ADDRESS)

    def shown(self, name: str) -> Value | None:
        """Return what a driver makes of a point's registers as they are now."""
        point = self._profile.point(name)
        factor = self._factor(point)
        return None if factor is None else point.decode(self._encode(point), factor)

    def _encode(self, point: Point) -> tuple[int, ...]:
        value, factor = self._value(point), self._factor(point)
        try:
            return (0,) * point.count if value is None else point.encode(value, factor or Decimal(1))
        except ValueError:
            raise Refused(ExceptionCode.SERVER_DEVICE_FAILURE) from None

    def _value(self, point: Point) -> Value | None:
        """Return what the point holds; where nothing drives it, what was last written, else the example."""
        value = self._source(point)
        return self._kept.get(point.name, point.example) if value is None else value

    def _factor(self, point: Point) -> Decimal | None:
        """Return what the device's own scale registers multiply the point by."""
        scales = (self._profile.point(scaled_by.point) for scaled_by in point.scaled_by)
        return self._profile.factor(point, {scale.name: self._value(scale) for scale in scales})


def _functions(points: Sequence[Point]) -> Iterator[int]:
    for point in points:
        if point.readable:
            yield READ_FUNCTION[point.space]
        if point.write is not None:
            yield from WRITE_FUNCTIONS[point.space]


def _readable_addresses(profile: Profile) -> dict[Space, set[int]]:
    """Return the addresses that answer.

    A device whose reads may span holes has something at every address from its first point to a little after
    its last; another has exactly its points.
    """
    readable: dict[Space, set[int]] = {space: set() for space in READ_FUNCTION}
    for point in profile.points:
        if point.readable:
            readable[point.space].update(range(point.address, point.end))
    if profile.modbus.max_hole:
        for addresses in filter(None, readable.values()):
            addresses.update(range(min(addresses), max(addresses) + 1 + profile.modbus.max_hole))
    return readable
