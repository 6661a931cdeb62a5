"""What `read` shows: the polled points of a device with their last values, and how good those are. No IO."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.technician.screen import table
from agent.technician.values import number, shown, unit_of
from drivers.profiles.derived import Derived
from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value

HEADING = ("point", "value", "unit", "quality", "age")


@dataclass(frozen=True, slots=True)
class Seen:
    """A value when it was read (monotonic s); None if the device gave none."""

    value: Value | None
    at_s: float


class Watch:
    """The last values of a device's points. A block that fails leaves them as they are, getting older."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}
        self._failed: set[str] = set()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever answered."""
        return not self._seen

    def took(self, values: Mapping[str, Value | None], at_s: float) -> None:
        """Note the values of a block."""
        self._seen |= {name: Seen(value, at_s) for name, value in values.items()}
        self._failed -= set(values)

    def failed(self, points: Iterable[Point]) -> None:
        """Note that a block was not answered."""
        self._failed |= {point.name for point in points}

    def lines(self, profile: Profile, now_s: float) -> list[str]:
        """Return the table."""
        rows = [HEADING]
        for block in profile.blocks:
            rows += [self._row(point, now_s) for point in block.points]
        rows += [self._derived(derived, now_s) for derived in profile.derived]
        return table(rows, right=frozenset({1, 4}))

    def _row(self, point: Point, now_s: float) -> tuple[str, str, str, str, str]:
        seen = self._seen.get(point.name)
        value = None if seen is None else seen.value
        return (
            point.name,
            shown(point, value),
            unit_of(point),
            self._quality((point.name,), value),
            "" if seen is None else _age(seen, now_s),
        )

    def _derived(self, derived: Derived, now_s: float) -> tuple[str, str, str, str, str]:
        parts = (*derived.plus, *derived.minus)
        seen = [self._seen[name] for name in parts if name in self._seen]
        value = derived.value({name: self._seen[name].value for name in parts if name in self._seen})
        return (
            derived.name,
            "-" if value is None else number(value),
            derived.reading_unit,
            self._quality(parts, value),
            _age(min(seen, key=lambda each: each.at_s), now_s) if seen else "",
        )

    def _quality(self, names: tuple[str, ...], value: Value | None) -> str:
        if not self._failed.isdisjoint(names):
            return "no answer"
        return "good" if value is not None else "invalid"


def _age(seen: Seen, now_s: float) -> str:
    return f"{max(0.0, now_s - seen.at_s):.1f} s"
