"""A DC charger that talks to the vehicle itself: its power can be limited and charging suspended."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from drivers.emulated.behaviour import Behaviour, Inert, Surroundings
from drivers.emulated.counter import Counter
from drivers.emulated.ev import charged_ppm, wants_energy
from drivers.emulated.kinds.states import is_on, named
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Watchdog

MOST_W: Final = 150_000
"""What the charger can deliver."""
VEHICLE_W: Final = 90_000
"""What the vehicle takes."""
EMPTY_V, SPAN_V = Decimal(350), Decimal(70)
"""Voltage of an empty battery, and how much it rises until it is full."""
MW_US_PER_MWH: Final = 3_600_000_000


class DcCharger(Inert):
    """One connector: delivers what limit and vehicle allow while a vehicle is plugged in."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._bay = surroundings.bay
        self._clock_us = surroundings.clock_us
        self._has_enable = surroundings.profile.role("enable") is not None
        self._counter = Counter(start_mwh=surroundings.start_mwh)
        self.limit_w = MOST_W
        self.is_enabled = True
        self._passed_mw_us = 0
        self._session_began_mw_us = 0
        self._was_plugged = False
        self._moved_us = 0

    @property
    def power_w(self) -> int:
        """What it delivers now."""
        ev = self._bay.state.ev
        if not (ev.plugged and self.is_enabled and wants_energy(self._bay.ev, ev)):
            return 0
        return min(self.limit_w, VEHICLE_W)

    @property
    def voltage_v(self) -> Decimal:
        """The battery's voltage, 0 without one."""
        return EMPTY_V + SPAN_V * self._charged if self._bay.state.ev.plugged else Decimal(0)

    @property
    def state(self) -> str:
        """What the connector is doing."""
        ev = self._bay.state.ev
        if not ev.plugged:
            return "free" if self.limit_w or self._has_enable else "unavailable"
        if self.power_w:
            return "charging"
        return "occupied" if wants_energy(self._bay.ev, ev) and not self.is_enabled else "suspended"

    @property
    def energy_mwh(self) -> int:
        """What its meter shows."""
        return self._counter.shows_mwh(self._passed_mw_us // MW_US_PER_MWH)

    @property
    def counter(self) -> Counter | None:
        """The connector's meter."""
        return self._counter

    def shows(self, point: Point) -> Value | None:
        """Return state, limit and what is measured."""
        match point.role:
            case "state":
                return self.state
            case "set_power":
                return Decimal(self.limit_w)
            case "enable":
                return named(point, self.is_enabled)
        if point.name == "energy_session":
            return Decimal((self._passed_mw_us - self._session_began_mw_us) // MW_US_PER_MWH)
        return self._measured(point) if point.phase is None else None

    def written(self, changes: Sequence[tuple[Point, Value]]) -> None:
        """Limit the power, suspend or resume."""
        self.tick()
        for point, value in changes:
            if point.role == "set_power" and isinstance(value, Decimal):
                self.limit_w = int(value)
            elif point.role == "enable":
                self.is_enabled = is_on(value)

    def tick(self) -> None:
        """Count what has passed since the last time."""
        now_us = self._clock_us()
        self._passed_mw_us += self.power_w * 1000 * (now_us - self._moved_us)
        self._moved_us = now_us
        if self._bay.state.ev.plugged and not self._was_plugged:
            self._session_began_mw_us = self._passed_mw_us
        self._was_plugged = self._bay.state.ev.plugged

    def power_lost(self) -> None:
        """Deliver nothing."""
        self.tick()
        self.is_enabled = False

    def power_returned(self) -> None:
        """Deliver whatever the vehicle wants."""
        self._moved_us = self._clock_us()
        self.limit_w, self.is_enabled = MOST_W, True

    def fall_back(self, watchdog: Watchdog) -> None:
        """Go to the safe power."""
        if watchdog.safe_w is not None:
            self.tick()
            self.limit_w = int(watchdog.safe_w)

    @property
    def _charged(self) -> Decimal:
        return Decimal(charged_ppm(self._bay.ev, self._bay.state.ev)) / 1_000_000

    def _measured(self, point: Point) -> Value | None:
        match point.measurand:
            case "Voltage":
                return self.voltage_v
            case "Current.Import":
                return Decimal(self.power_w) / self.voltage_v if self.power_w else Decimal(0)
            case "Power.Active.Import":
                return Decimal(self.power_w)
            case "Power.Offered":
                return Decimal(self.limit_w)
            case "SoC":
                return self._charged * 100 if self._bay.state.ev.plugged else Decimal(0)
            case "Energy.Active.Import.Register":
                return Decimal(self.energy_mwh)
        return None


def make_dc_charger(surroundings: Surroundings) -> Behaviour | None:
    """Make one of whatever the profile calls a DC charger."""
    return DcCharger(surroundings) if surroundings.profile.kind == "dc-charger" else None
