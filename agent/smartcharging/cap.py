"""A ceiling on what an EVSE draws, in every unit that a profile may use. Combining two keeps both."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from agent.smartcharging.profiles import Period, RateUnit

RESOLUTION: Final = Decimal("0.1")
"""Limits have one decimal (ChargingSchedulePeriodType.limit)."""
DEFAULT_PHASES: Final = 3
"""Assumed where a period does not say how many phases it means (K01.FR.49)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """How an EVSE is wired: phases, nominal voltage of a phase, and the current that a phase carries."""

    phases: int
    voltage_v: Decimal
    most_current_a: Decimal

    @property
    def cap(self) -> Cap:
        """What the wiring allows."""
        return Cap(current_a=self.most_current_a, phases=self.phases)

    def current_of(self, power_w: Decimal) -> Decimal:
        """Return the current (A per phase) that makes up a power on all phases."""
        return power_w / (self.voltage_v * self.phases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most `current_a` and `phase_w` on each of at most `phases` phases, `power_w` in all.

    None is no limit. A limit in W is one of a phase too: the profile says for how many phases it was meant,
    and a vehicle on fewer of them may not take the whole of it (K01.FR.50).
    """

    current_a: Decimal | None = None
    power_w: Decimal | None = None
    phase_w: Decimal | None = None
    phases: int | None = None

    def and_also(self, other: Cap) -> Cap:
        """Return the cap that holds both."""
        return Cap(
            current_a=_lower(self.current_a, other.current_a),
            power_w=_lower(self.power_w, other.power_w),
            phase_w=_lower(self.phase_w, other.phase_w),
            phases=_fewer(self.phases, other.phases),
        )

    def plus(self, extra: Cap, supply: Supply, share: Decimal) -> Cap:
        """Return the cap raised by a share of what is generated on the spot (K27); no limit stays none.

        `extra` must come of a period: what it gives in one unit is reckoned in the other by the supply.
        """
        phases = min(extra.phases or DEFAULT_PHASES, supply.phases)
        if extra.current_a is not None:
            more_a = extra.current_a * share
        else:
            more_a = (extra.phase_w or Decimal(0)) / supply.voltage_v * share
        more_w = more_a * supply.voltage_v * phases
        return Cap(
            current_a=None if self.current_a is None else self.current_a + more_a,
            power_w=None if self.power_w is None else self.power_w + more_w,
            phase_w=None if self.phase_w is None else self.phase_w + more_a * supply.voltage_v,
            phases=self.phases,
        )

    def phases_on(self, supply: Supply) -> int:
        """Return how many phases may be used."""
        return supply.phases if self.phases is None else min(self.phases, supply.phases)

    def current_on(self, supply: Supply, phases: int | None = None) -> Decimal:
        """Return the current (A per phase) that this EVSE may draw, rounded down to 0.1 A.

        A power is spread over the phases that may be used, or over so many that are.
        """
        most_a = self._carried_a(supply)
        if self.power_w is not None:
            most_a = min(most_a, self.power_w / (supply.voltage_v * (phases or self.phases_on(supply))))
        return _down(most_a)

    def rate_on(self, supply: Supply, unit: RateUnit) -> Decimal:
        """Return the limit in A per phase or in W in all, rounded down to one decimal."""
        if unit == "A":
            return self.current_on(supply)
        most_w = supply.voltage_v * self.phases_on(supply) * self._carried_a(supply)
        return _down(most_w if self.power_w is None else min(most_w, self.power_w))

    def _carried_a(self, supply: Supply) -> Decimal:
        most_a = supply.most_current_a
        if self.current_a is not None:
            most_a = min(most_a, self.current_a)
        return most_a if self.phase_w is None else min(most_a, self.phase_w / supply.voltage_v)


NO_CAP: Final = Cap()


def cap_of(period: Period, unit: RateUnit) -> Cap | None:
    """Return what a period of a schedule allows; None if it says nothing."""
    return None if period.limit is None else cap_of_limit(period.limit, period.phases, unit)


def cap_of_limit(limit: Decimal, phases: int | None, unit: RateUnit) -> Cap:
    """Return the cap of a limit that is meant for so many phases."""
    phases = DEFAULT_PHASES if phases is None else phases
    if unit == "A":
        return Cap(current_a=limit, phases=phases)
    return Cap(power_w=limit, phase_w=limit / phases, phases=phases)


def _lower(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _fewer(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _down(rate: Decimal) -> Decimal:
    return max(rate, Decimal(0)).quantize(RESOLUTION, ROUND_FLOOR)
