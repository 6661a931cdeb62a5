"""What every emulated device has, whatever it speaks: a name, a place, power, and what befalls it."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from drivers.emulated.behaviour import Behaviour, Surroundings
from drivers.emulated.counter import FLOAT_ENDS_MWH
from drivers.profiles.values import Value


class EmulatedDevice:
    """One device; its protocol is a subclass's."""

    def __init__(self, surroundings: Surroundings, behaviour: Behaviour) -> None:
        self.name = surroundings.name
        self.profile = surroundings.profile
        self.bay = surroundings.bay
        self.behaviour = behaviour
        self.powered = True
        self.silent = False
        """Does not answer, as if the cable were cut; it goes on working."""
        self.overridden: dict[str, Value] = dict(surroundings.shows)
        """What points show, by name, whatever the behaviour says."""
        self._note = surroundings.note

    @property
    def answers(self) -> bool:
        """Whether it reacts to requests at all."""
        return self.powered and not self.silent

    def tick(self) -> None:
        """Let the device's own clockwork move on, after the bay's physics."""
        if self.powered:
            self.behaviour.tick()

    def cut_power(self) -> None:
        """Take its power away: it is silent, and what needs power ends."""
        if self.powered:
            self.powered = False
            self.behaviour.power_lost()
            self._note("power lost")

    def return_power(self) -> None:
        """Give its power back: it begins with its defaults."""
        if not self.powered:
            self.powered = True
            self.start_again()
            self._note("power returned")

    def start_again(self) -> None:
        """Have the defaults of a device that was just switched on."""
        self.behaviour.power_returned()

    def set_counter(self, shows_mwh: int) -> None:
        """Make the energy counter show something else from now on; a device without one stays as it is."""
        counter = self.behaviour.counter
        if counter is not None:
            before_mwh = counter.shows_mwh(self.bay.state.passed_mwh)
            counter.set(shows_mwh, self.bay.state.passed_mwh)
            self._note("counter set", before_mwh=before_mwh, after_mwh=shows_mwh)

    def near_overflow(self, before_wh: int) -> None:
        """Let the energy counter stand this far below where it begins at 0 again."""
        counter = self.behaviour.counter
        if counter is not None:
            counter.ends_mwh = counter.ends_mwh or FLOAT_ENDS_MWH
            self.set_counter(counter.ends_mwh - 1000 * before_wh)

    def swap(self, serial_number: str, rng: Random) -> None:
        """Become another device of the same model: other serial number, other counter, default settings."""
        point = self.profile.role("serial_number")
        if point is not None:
            self.overridden[point.name] = (
                Decimal(rng.randrange(10_000, 60_000)) if _is_number(point.type) else serial_number
            )
        self._note("swapped", serial_number=serial_number)
        self.set_counter(rng.randrange(1_000_000_000))
        self.start_again()


def _is_number(type_name: str) -> bool:
    return type_name not in {"string", "bytes", "char_low"}
