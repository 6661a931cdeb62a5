"""Values that a device has no register for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from drivers.profiles.codec import EXACT
from drivers.profiles.units import MEASURED_IN
from drivers.profiles.values import Value
from drivers.readings import Measurand, Phase, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A value that the device has no register for: the sum of some points minus the sum of others."""

    name: str
    measurand: Measurand
    phase: Phase | None = None
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    @property
    def reading_unit(self) -> Unit:
        """The unit of the value, which is also that of all its parts."""
        return MEASURED_IN[self.measurand]

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of all points it is reckoned from."""
        return (*self.plus, *self.minus)

    def value(self, values: Mapping[str, Value | None]) -> Decimal | None:
        """Return the value, or None if any part has none."""
        total = Decimal(0)
        for names, add in ((self.plus, EXACT.add), (self.minus, EXACT.subtract)):
            for name in names:
                part = values.get(name)
                if not isinstance(part, Decimal):
                    return None
                total = add(total, part)
        return total
