"""The seam between the engine and what one kind of device is: see `kinds` for those there are.

The engine knows registers, lines, power, watchdogs and faults. A behaviour knows what the device's points
show and what changes when they are written, by role, measurand or name, in the units of readings; it never
sees a register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Protocol

from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.counter import Counter
from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Watchdog

Note = Callable[..., None]
"""Writes an event to the truth log: `note("what", field=value, ...)`."""


def _note_nothing(what: str, **fields: object) -> None:
    """Forget an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a behaviour is given when its device is built."""

    name: str
    """What scenario and log call the device."""
    profile: Profile
    """The variant and instance that the device is."""
    bay: ChargingBay
    clock_us: Callable[[], int]
    """Time of the physics since the rig was opened, in microseconds; scaled by the rig's speed."""
    clock_s: Callable[[], float]
    """Time of the electronics (s): settling, heartbeats and watchdogs do not run faster with the physics."""
    rng: Random
    """Seeded from the rig's seed and the device's name."""
    shows: Mapping[str, Value] = field(default_factory=dict)
    """What single points are to show, by name, from the scenario; the engine sees to that already."""
    start_mwh: int
    """What the device's energy counter had counted before."""
    peers: Callable[[], Sequence[Behaviour]] = tuple
    """The behaviours of all devices of the bay, this one's included: a supply's voltage, to a monitor."""
    directory: Path | None = None
    """Where the device may keep what outlives the rig, such as keys; None for nowhere."""
    note: Note = _note_nothing


class Behaviour(Protocol):
    """What one device shows and does. `Inert` has all of it doing nothing, to inherit from."""

    def shows(self, point: Point) -> Value | None:
        """Return the point's value now, in the unit of its reading.

        None leaves the point to the engine: it holds what was last written, else the profile's example.
        """

    def written(self, changes: Sequence[tuple[Point, Value]]) -> None:
        """Do what one write request says; its values are within the profile's bounds.

        Raises:
            pdu.Refused: If the device does not do it now; it must not have begun.
        """

    def tick(self) -> None:
        """Let the device's own clockwork move on; called at least every 100 ms, after the bay's physics."""

    def power_lost(self) -> None:
        """Stop: whatever needs the device's power ends at once."""

    def power_returned(self) -> None:
        """Begin again with the defaults of a device that was switched on."""

    def fall_back(self, watchdog: Watchdog) -> None:
        """Do what the device does by itself when its watchdog was not fed: go to the safe value."""

    def lapsed(self, point: Point, value: Value | None) -> None:
        """Take back a setpoint that was not repeated in time; `value` is what it is now."""

    @property
    def counter(self) -> Counter | None:
        """The energy counter that faults reset and overflow; None if the device has none."""


class Inert:
    """A device that shows what it is told to show and does nothing: the base of all others."""

    def shows(self, point: Point) -> Value | None:
        """Leave every point to the engine."""
        del point
        return None

    def written(self, changes: Sequence[tuple[Point, Value]]) -> None:
        """Change nothing."""

    def tick(self) -> None:
        """Have no clockwork."""

    def power_lost(self) -> None:
        """Have nothing to stop."""

    def power_returned(self) -> None:
        """Have no defaults."""

    def fall_back(self, watchdog: Watchdog) -> None:
        """Have nothing to limit."""

    def lapsed(self, point: Point, value: Value | None) -> None:
        """Treat it as a write of what the setpoint is now."""
        if value is not None:
            self.written(((point, value),))

    @property
    def counter(self) -> Counter | None:
        """Have no counter."""
        return None


Maker = Callable[[Surroundings], Behaviour | None]
"""Makes the behaviour of a device, or returns None if the device is none of its kind."""


def first_that_fits(makers: Sequence[Maker], surroundings: Surroundings) -> Behaviour:
    """Return what the first maker that knows the device makes of it; a device nobody knows is inert."""
    made: Iterator[Behaviour | None] = (make(surroundings) for make in makers)
    return next((behaviour for behaviour in made if behaviour is not None), Inert())
