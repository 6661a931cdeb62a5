"""A DC supply: makes the set voltage unless that takes more than the set current."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from drivers.emulated.behaviour import Behaviour, Inert, Surroundings
from drivers.emulated.dc_load import Battery, Output, output
from drivers.emulated.ev import charged_ppm
from drivers.emulated.kinds.states import is_on, named
from drivers.emulated.physics import Feed
from drivers.profiles.model import Profile
from drivers.profiles.point import Point, Role
from drivers.profiles.values import Value

NOTHING: Final = Output(voltage_v=Decimal(0), current_a=Decimal(0), limits="voltage")
MOST_V, MOST_A = Decimal(1000), Decimal(100)
"""What a supply whose profile does not say can deliver."""
INPUT_V: Final = Decimal(64)


class DcSupply(Inert):
    """Feeds the vehicle's battery, or open terminals if none is plugged in."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._bay = surroundings.bay
        self._most_v = _most(surroundings.profile, "set_voltage", MOST_V)
        self._most_a = _most(surroundings.profile, "set_current", MOST_A)
        self.set_v = self.set_a = Decimal(0)
        self.is_on = False

    @property
    def output(self) -> Output:
        """What is at its terminals."""
        return output(self.set_v, self.set_a, self._battery) if self.is_on else NOTHING

    def shows(self, point: Point) -> Value | None:
        """Return set values and what is at the terminals."""
        if point.measurand is not None and point.phase is None:
            return self._measured(point)
        match point.role:
            case "set_voltage":
                return self.set_v
            case "set_current":
                return self.set_a
            case "most_voltage":
                return self._most_v
            case "most_current":
                return self._most_a
            case "output":
                return named(point, self.is_on)
            case "regulation":
                return self.output.limits
            case "error":
                return "ok"
        return INPUT_V if point.name == "input_voltage" else None

    def written(self, changes: Sequence[tuple[Point, Value]]) -> None:
        """Set voltage or current, or switch the output."""
        for point, value in changes:
            if point.role == "set_voltage" and isinstance(value, Decimal):
                self.set_v = value
            elif point.role == "set_current" and isinstance(value, Decimal):
                self.set_a = value
            elif point.role == "output":
                self.is_on = is_on(value)
        self.tick()

    def tick(self) -> None:
        """Let the vehicle take what there is now."""
        if self._bay.ev.is_dc:
            self._bay.feel(has_voltage=self.is_on and self.set_v > 0)
            at = self.output if self._battery is not None else NOTHING
            self._bay.feed(Feed(voltage_mv=int(at.voltage_v * 1000), current_ma=int(at.current_a * 1000)))

    def power_lost(self) -> None:
        """Deliver nothing."""
        self.is_on = False
        self.tick()

    @property
    def _battery(self) -> Battery | None:
        ev = self._bay.state.ev
        if not ev.plugged:
            return None
        charged = Decimal(charged_ppm(self._bay.ev, ev)) / 1_000_000
        if self._bay.ev.is_dc:
            nominal_v = Decimal(str(self._bay.ev.dc_battery_v))
            return Battery.of_vehicle(nominal_v, charged) if ev.cable == "connected" else None
        return Battery.for_supply(self._most_v, self._most_a, charged)

    def _measured(self, point: Point) -> Value | None:
        at = self.output
        match point.measurand:
            case "Voltage":
                return at.voltage_v
            case "Current.Import":
                return at.current_a
            case "Power.Active.Import":
                return at.voltage_v * at.current_a
        return None


def make_dc_supply(surroundings: Surroundings) -> Behaviour | None:
    """Make one of whatever the profile calls a power supply."""
    return DcSupply(surroundings) if surroundings.profile.kind == "power-supply" else None


def _most(profile: Profile, role: Role, otherwise: Decimal) -> Decimal:
    point = profile.role(role)
    high = point.write.bounds.high if point is not None and point.write is not None else None
    return otherwise if high is None else high
