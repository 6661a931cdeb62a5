"""The faults that are set up now: which of them hit a request, which begin and end. Seeded, so repeatable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from drivers.emulated.faults.fault import StateFault, ValueFault, WriteFault
from drivers.emulated.faults.injection import READS, WRITES, Injection, Span
from drivers.profiles.point import Point
from drivers.profiles.values import Value


@dataclass(slots=True, eq=False)
class ArmedFault:
    """An injection that is set up, and what has come of it so far."""

    id: str
    injection: Injection
    since_s: float
    rng: Random
    hits: int = 0
    """Requests hit, or occurrences that came about."""
    occurrence: int | None = None
    """The last one that began."""
    active: bool = False
    """Whether a state fault has begun and not ended."""
    ends_s: float | None = None
    memory: dict[str, Value | None] = field(default_factory=dict)
    """What a value fault remembers within an occurrence."""

    def strikes(self, device: str, span: Span | None, points: Sequence[Point], now_s: float) -> bool:
        """Tell whether it hits a request, which is about these points; asking counts."""
        injection = self.injection
        if self._used_up() or not injection.where.concerns(device):
            return False
        number = injection.when.occurrence(now_s - self.since_s)
        if number is None or not self._is_meant(span, points):
            return False
        if number != self.occurrence:
            self.occurrence = number
            self.memory.clear()
        if self.rng.random() >= injection.when.probability:
            return False
        self.hits += 1
        return True

    def touches(self, point: Point) -> bool:
        """Tell whether a value fault concerns a point: one that was named, or what such a fault is about."""
        fault, where = self.injection.fault, self.injection.where
        if not isinstance(fault, ValueFault):
            return False
        if where.points:
            return point.name in where.points
        if where.addresses is not None:
            return point.address < where.addresses.stop and point.end > where.addresses.start
        return fault.touches(point)

    def turn(self, now_s: float) -> Iterator[bool]:
        """Yield True where a state fault begins now and False where it ends."""
        fault, when = self.injection.fault, self.injection.when
        if not isinstance(fault, StateFault):
            return
        number = when.occurrence(now_s - self.since_s)
        if self.active and (number != self.occurrence or (self.ends_s is not None and now_s >= self.ends_s)):
            self.active = False
            yield False
        if number is None or number == self.occurrence:
            return
        self.occurrence = number
        if not self._used_up() and self.rng.random() < when.probability:
            self.hits += 1
            self.active = True
            lasts_s = fault.lasts_s(self.rng)
            self.ends_s = None if lasts_s is None else now_s + lasts_s
            yield True

    def _is_meant(self, span: Span | None, points: Sequence[Point]) -> bool:
        fault, where = self.injection.fault, self.injection.where
        if isinstance(fault, StateFault) or not where.matches(span, frozenset(one.name for one in points)):
            return False
        if isinstance(fault, WriteFault):
            return span is not None and span.function in WRITES
        if isinstance(fault, ValueFault):
            return span is not None and span.function in READS and any(map(self.touches, points))
        return True

    def _used_up(self) -> bool:
        times = self.injection.when.times
        return times is not None and self.hits >= times


class FaultBook:
    """The faults of one rig."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._count = 0
        self._armed: dict[str, ArmedFault] = {}

    def __iter__(self) -> Iterator[ArmedFault]:
        yield from list(self._armed.values())

    def __bool__(self) -> bool:
        return bool(self._armed)

    def inject(self, injection: Injection, now_s: float) -> ArmedFault:
        """Set a fault up; its schedule begins now, and its chances follow from the seed and its number."""
        self._count += 1
        rng = Random(f"{self._seed}/{self._count}")  # noqa: S311  reproducible, not secret
        armed = ArmedFault(f"f{self._count}", injection, now_s, rng)
        self._armed[armed.id] = armed
        return armed

    def take(self, fault_id: str) -> ArmedFault:
        """Remove a fault; what it has begun is the caller's to end.

        Raises:
            KeyError: If there is none with this id.
        """
        return self._armed.pop(fault_id)

    def striking(
        self, device: str, span: Span | None, points: Sequence[Point], now_s: float
    ) -> tuple[ArmedFault, ...]:
        """Return the faults that hit this request, in the order in which they were set up."""
        return tuple(one for one in self._armed.values() if one.strikes(device, span, points, now_s))
