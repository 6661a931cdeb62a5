"""A device's registers, made from its hardware profile: the driver's direction inverted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from drivers.emulated.pdu import ExceptionCode, Refused, Space
from drivers.profiles.codec import SIZED
from drivers.profiles.links import ModbusDefaults
from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value

READ_FUNCTION: dict[Space, int] = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
REGISTERS: frozenset[Space] = frozenset({"holding", "input"})

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
"""Carries out a write, or does not; `Image.keep` makes it what is read back where nothing else drives it."""


class Distortion(Protocol):
    """What makes registers show something else than the truth."""

    def value(self, point: Point, value: Value | None) -> Value | None:
        """Return what the point shows instead."""

    def words(self, point: Point, words: tuple[int, ...]) -> tuple[int, ...]:
        """Return what the point's registers hold instead."""


class Image:
    """The registers of one device (see `pdu.Registers`)."""

    def __init__(
        self,
        profile: Profile,
        source: Source,
        sink: Sink,
        *,
        distortion: Distortion | None = None,
        fixed: Mapping[int, int] | None = None,
    ) -> None:
        """Make the image; `fixed` has holding registers beyond the profile's, by address."""
        self._profile = profile
        self._modbus = profile.modbus
        self._points = sorted(profile.points, key=lambda point: point.address)
        self._source = source
        self._sink = sink
        self._distortion = distortion
        self._fixed = dict(fixed or {})
        self._kept: dict[str, Value] = {}
        self._readable = _readable_addresses(self._points, self._modbus)
        self._readable["holding"].update(self._fixed)
        self.functions = frozenset(_functions(self._points))
        """The Modbus functions the device implements: those that its profile names."""

    def read(self, space: Space, address: int, count: int) -> Sequence[int]:
        """Return registers or bits; those that no point covers, inside the device's map, are 0.

        Raises:
            Refused: ILLEGAL_DATA_VALUE for more than the device reads at once, ILLEGAL_DATA_ADDRESS outside
                its map, across one of its barriers, or for more than one point where it gives one at a time;
                SERVER_DEVICE_FAILURE if a register cannot hold its value.
        """
        if count > self._modbus.max_read and space in REGISTERS:
            raise Refused(ExceptionCode.ILLEGAL_DATA_VALUE)
        if not self._may_read(space, address, address + count):
            raise Refused(ExceptionCode.ILLEGAL_DATA_ADDRESS)
        values = [
            self._fixed.get(at, 0) if space == "holding" else 0 for at in range(address, address + count)
        ]
        for point in self.within(space, address, address + count):
            if point.readable:
                for at, word in enumerate(self._encode(point), point.address - address):
                    if 0 <= at < count:
                        values[at] |= word
        return values

    def write(self, space: Space, address: int, values: Sequence[int]) -> None:
        """Decode what is written and carry it out, all or nothing.

        Raises:
            Refused: ILLEGAL_DATA_ADDRESS unless the values are exactly those of writable points (or of a part
                of a text),
                ILLEGAL_DATA_VALUE for one that the profile does not allow, or for more than the device takes.
        """
        if len(values) > self._modbus.max_write:
            raise Refused(ExceptionCode.ILLEGAL_DATA_VALUE)
        changes: list[tuple[Point, Value]] = []
        at, end = address, address + len(values)
        while at < end:
            text = self._text_around(space, at)
            if text is not None:
                upto = min(text.end, end)
                changes.append((text, self._rewritten(text, at, values[at - address : upto - address])))
                at = upto
                continue
            points = self._writable(space, at)
            if points[0].end > end:
                raise Refused(ExceptionCode.ILLEGAL_DATA_ADDRESS)
            words = values[at - address : points[0].end - address]
            changes += self._said(points, words)
            at = points[0].end
        self._sink(Write(space, address, tuple(values), tuple(changes)))

    def keep(self, changes: Sequence[tuple[Point, Value]]) -> None:
        """Hold what was written, for points that nothing else drives."""
        self._kept.update((point.name, value) for point, value in changes)

    def forget(self) -> None:
        """Hold nothing that was written, as after a power cut."""
        self._kept.clear()

    def within(self, space: Space, start: int, end: int) -> Iterator[Point]:
        """Yield the points that lie in these addresses, wholly or in part."""
        for point in self._points:
            if point.space == space and point.address < end and point.end > start:
                yield point

    def value(self, name: str) -> Value | None:
        """Return what a point holds: where nothing drives it, what was last written, else the example."""
        return self._value(self._profile.point(name))

    def shown(self, name: str) -> Value | None:
        """Return what a driver makes of a point's registers as they honestly are now."""
        point = self._profile.point(name)
        factor = self._factor(point)
        return None if factor is None else point.decode(self._honest_words(point, self._value(point)), factor)

    def _may_read(self, space: Space, start: int, end: int) -> bool:
        if not self._readable[space].issuperset(range(start, end)):
            return False
        if any(start < barrier < end for barrier in self._modbus.barriers):
            return False
        return not self._modbus.one_per_read or self._is_one(space, start, end)

    def _is_one(self, space: Space, start: int, end: int) -> bool:
        return any(point.address == start and point.end == end for point in self.within(space, start, end))

    def _text_around(self, space: Space, address: int) -> Point | None:
        """Return the writable text (or bytes) that has a register at this address."""
        for point in self.within(space, address, address + 1):
            if point.type in SIZED and point.write is not None:
                return point
        return None

    def _rewritten(self, point: Point, address: int, words: Sequence[int]) -> Value:
        """Return a text of which a part was written."""
        held = list(self._honest_words(point, self._value(point)))
        start = address - point.address
        held[start : start + len(words)] = words
        value = point.decode(held)
        return "" if value is None else value

    def _writable(self, space: Space, address: int) -> list[Point]:
        """Return the points of a write that begins here: one, or several that share a register."""
        points = [
            point
            for point in self._points
            if point.space == space and point.address == address and point.write is not None
        ]
        if not points:
            raise Refused(ExceptionCode.ILLEGAL_DATA_ADDRESS)
        return points

    def _said(self, points: Sequence[Point], words: Sequence[int]) -> list[tuple[Point, Value]]:
        """Return what the words say of each point; of several for the same bits, of those that allow it."""
        if any(point.mask is not None for point in points) or len(points) == 1:
            return [(point, self._decode(point, words)) for point in points]
        said: list[tuple[Point, Value]] = []
        for point in points:
            with suppress(Refused):
                said.append((point, self._decode(point, words)))
        if not said:
            raise Refused(ExceptionCode.ILLEGAL_DATA_VALUE)
        return said

    def _decode(self, point: Point, words: Sequence[int]) -> Value:
        factor = self._factor(point)
        value = None if factor is None else point.decode(words, factor)
        if value is None or not point.allows(value):
            raise Refused(ExceptionCode.ILLEGAL_DATA_VALUE)
        return value

    def _encode(self, point: Point) -> tuple[int, ...]:
        """Return what the point's registers hold, whatever distorts them included."""
        honest = self._value(point)
        if self._distortion is None:
            return self._honest_words(point, honest)
        shown = self._distortion.value(point, honest)
        if shown == honest:
            return self._distortion.words(point, self._honest_words(point, honest))
        try:
            return self._distortion.words(point, self._words(point, shown))
        except ValueError:  # no register could hold it: this fault does not exist on such a device
            return self._honest_words(point, honest)

    def _honest_words(self, point: Point, value: Value | None) -> tuple[int, ...]:
        try:
            return self._words(point, value)
        except ValueError:
            raise Refused(ExceptionCode.SERVER_DEVICE_FAILURE) from None

    def _words(self, point: Point, value: Value | None) -> tuple[int, ...]:
        return (0,) * point.count if value is None else point.encode(value, self._factor(point) or Decimal(1))

    def _value(self, point: Point) -> Value | None:
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
            yield point.write.function


def _readable_addresses(points: Sequence[Point], modbus: ModbusDefaults) -> dict[Space, set[int]]:
    """Return the addresses that answer.

    A device whose reads may span holes has something at every address from its first point to a little after
    its last; another has exactly its points.
    """
    readable: dict[Space, set[int]] = {space: set() for space in READ_FUNCTION}
    for point in points:
        if point.readable:
            readable[point.space].update(range(point.address, point.end))
    if modbus.max_hole:
        for addresses in filter(None, readable.values()):
            addresses.update(range(min(addresses), max(addresses) + 1 + modbus.max_hole))
    return readable
