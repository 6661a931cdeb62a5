"""The device's own watchdog: what makes it fall back to a safe value when nobody talks to it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from drivers.profiles.writes import Setting

Feeding = Literal["read", "write"]
"""What feeds a watchdog that has no register for it: any read, or any write of a setpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchdog:
    """How to arm the watchdog and keep it fed; without food it falls to its safe value by itself."""

    arm: tuple[Setting, ...]
    """Written in this order after the init sequence; empty if it is always on."""
    feed: Setting | Feeding
    every_s: int
    """How often the driver feeds it."""
    within_s: int
    """How long it waits for food before it falls back."""
    safe_a: Decimal | None = None
    """The current per phase that it falls back to, 0 for none; None if it limits power."""
    safe_w: Decimal | None = None
    """The power that it falls back to, 0 for none; None if it limits current."""

    @property
    def points(self) -> frozenset[str]:
        """The names of all points that it touches."""
        food = (self.feed,) if isinstance(self.feed, Setting) else ()
        return frozenset(setting.point for setting in (*self.arm, *food))
