"""What the supply is to do for a vehicle on direct current: never above the limits of either, both ways."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Final

from agent.iso15118.facts import DcLimits
from agent.iso15118.iso20.session import Limits
from agent.iso15118.turns import Deliver

_STEP: Final = Decimal("0.01")
_NOTHING: Final = Decimal(0)


def flow(wanted_v: Decimal, wanted_a: Decimal, evse: DcLimits, vehicle: Limits) -> Deliver:
    """Return what a vehicle gets of what it wants; a negative current comes from it.

    Where the EVSE cannot go as low as the voltage that is wanted, nothing flows: a higher one is not wanted.
    """
    most_v = evse.most_v if vehicle.most_v is None else min(evse.most_v, vehicle.most_v)
    voltage_v = max(_NOTHING, min(wanted_v, most_v)).quantize(_STEP, ROUND_DOWN)
    if voltage_v < evse.least_v or not voltage_v:
        return Deliver(voltage_v, _NOTHING)
    if wanted_a >= 0:
        return Deliver(voltage_v, _charged(wanted_a, voltage_v, evse, vehicle))
    return Deliver(voltage_v, -_discharged(-wanted_a, voltage_v, evse, vehicle))


def _charged(wanted_a: Decimal, voltage_v: Decimal, evse: DcLimits, vehicle: Limits) -> Decimal:
    most_a = evse.most_a if vehicle.most_a is None else min(evse.most_a, vehicle.most_a)
    by_power_a = min(evse.most_w, vehicle.most_w) / voltage_v
    return max(_NOTHING, min(wanted_a, most_a, by_power_a)).quantize(_STEP, ROUND_DOWN)


def _discharged(wanted_a: Decimal, voltage_v: Decimal, evse: DcLimits, vehicle: Limits) -> Decimal:
    by_power_a = min(evse.most_back_w, vehicle.most_back_w) / voltage_v
    most_a = min(evse.most_back_a, vehicle.most_back_a, by_power_a)
    return max(_NOTHING, min(wanted_a, most_a)).quantize(_STEP, ROUND_DOWN)
