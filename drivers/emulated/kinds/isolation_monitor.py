"""An isolation monitor: measures the insulation, compares it with its thresholds and tests itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal

from drivers.emulated.behaviour import Behaviour, Inert, Surroundings
from drivers.emulated.defects import Defect
from drivers.emulated.kinds.dc_supply import DcSupply
from drivers.profiles.point import Point
from drivers.profiles.values import Value

SOUND_OHM: Final = Decimal(5_000_000)
"""Insulation of a dry installation."""
EARTH_FAULT_OHM: Final = Decimal(8_000)
"""Insulation where a wet plug or a chafed cable touches earth."""
QUICK_TEST_S: Final = 1.5
FULL_TEST_S: Final = 8.0

Testing = Literal["none", "external"]


class IsolationMonitor(Inert):
    """Watches the insulation of what the bay's DC supplies feed; tests decide what it is."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._bay = surroundings.bay
        self._clock_s = surroundings.clock_s
        self._peers = surroundings.peers
        self._note = surroundings.note
        self.sound_ohm = SOUND_OHM
        """The insulation while nothing is wrong with it."""
        self._held: dict[str, Value] = {}
        self._tests_until_s: float | None = None
        self._failed = False

    @property
    def resistance_ohm(self) -> Decimal:
        """The insulation that is really there."""
        return min(self.sound_ohm, EARTH_FAULT_OHM) if "earth-fault" in self._defects else self.sound_ohm

    @property
    def testing(self) -> Testing:
        """Which test runs."""
        return "none" if self._tests_until_s is None else "external"

    @property
    def alarm(self) -> str:
        """What it thinks of the insulation."""
        if self._failed:
            return "device_fault"
        if self.resistance_ohm < self._threshold("alarm_resistance"):
            return "alarm"
        return "warning" if self.resistance_ohm < self._threshold("warning_resistance") else "none"

    def shows(self, point: Point) -> Value | None:
        """Return resistance, alarm and state of the test."""
        if point.measurand == "Voltage" and point.phase is None:
            return sum((one.output.voltage_v for one in self._supplies()), Decimal(0))
        match point.role:
            case "resistance":
                return self.resistance_ohm
            case "isolation_status":
                return self.testing
            case "isolation_alarm":
                return self.alarm
            case "validity":
                return "invalid" if self._held.get("device_on") == "off" or self._failed else "exact"
        return None

    def written(self, changes: Sequence[tuple[Point, Value]]) -> None:
        """Hold thresholds and modes; begin a test when asked to."""
        for point, value in changes:
            self._held[point.name] = value
            if point.role == "self_test":
                quick = self._held.get("cable_check") == "fast"
                self._tests_until_s = self._clock_s() + (QUICK_TEST_S if quick else FULL_TEST_S)
                self._note("self test begins")

    def tick(self) -> None:
        """End a test when its time is over."""
        if self._tests_until_s is not None and self._clock_s() >= self._tests_until_s:
            self._tests_until_s = None
            self._failed = "monitor-broken" in self._defects
            self._note("self test ends", passed=not self._failed)

    def power_returned(self) -> None:
        """Have no thresholds, and run no test."""
        self._held.clear()
        self._tests_until_s = None
        self._failed = False

    @property
    def _defects(self) -> frozenset[Defect]:
        return self._bay.state.defects

    def _threshold(self, name: str) -> Decimal:
        value = self._held.get(name)
        return value if isinstance(value, Decimal) else Decimal(0)

    def _supplies(self) -> list[DcSupply]:
        return [one for one in self._peers() if isinstance(one, DcSupply)]


def make_isolation_monitor(surroundings: Surroundings) -> Behaviour | None:
    """Make one of whatever the profile calls an isolation monitor."""
    return IsolationMonitor(surroundings) if surroundings.profile.kind == "isolation-monitor" else None
