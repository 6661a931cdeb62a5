"""A device's own watchdog, as its profile describes it: armed, fed, and what happens without food. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Watchdog
from drivers.profiles.writes import Setting, Variable

Contact = Literal["read", "write"]
Held = Callable[[str], Value | None]
"""Gives the value that the device holds in a point, by name."""


@dataclass(slots=True)
class EmulatedWatchdog:
    """Falls once when it was armed and not fed for its time; food makes it ready to fall again."""

    spec: Watchdog
    fed_s: float | None = None
    """When it was last fed; None while it is not armed."""
    fallen: bool = False

    def contact(self, how: Contact, changes: Sequence[tuple[Point, Value]], held: Held, now_s: float) -> None:
        """Note that a master has read or written; `changes` is what was written."""
        if not self._armed(held):
            self.fed_s, self.fallen = None, False
        elif self.fed_s is None or self._is_food(how, changes):
            self.fed_s, self.fallen = now_s, False

    def falls(self, now_s: float) -> bool:
        """Tell whether it falls at this moment."""
        if self.fed_s is None or self.fallen or now_s - self.fed_s < self.spec.within_s:
            return False
        self.fallen = True
        return True

    def reset(self) -> None:
        """Be as after switching the device on."""
        self.fed_s, self.fallen = None, False

    def _armed(self, held: Held) -> bool:
        return all(
            isinstance(setting.value, Variable) or held(setting.point) == setting.value
            for setting in self.spec.arm
        )

    def _is_food(self, how: Contact, changes: Sequence[tuple[Point, Value]]) -> bool:
        food = self.spec.feed
        if isinstance(food, Setting):
            return any(point.name == food.point and value == food.value for point, value in changes)
        return food == how
