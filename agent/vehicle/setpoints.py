"""What a supply of direct current is told in each stage of its output, never above any limit. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final

from agent.iso15118.direct_current import PRE_CHARGE_MOST_A
from agent.iso15118.turns import Deliver
from agent.vehicle.sequence import Path, Stage

TEST_A: Final = Decimal(1)
FRESH_S: Final = 0.6
"""For how long a vehicle still wants what it asked for last: one that is lost gets nothing after a second."""
_STEP_A: Final = Decimal("0.1")
_STEP_V: Final = Decimal("0.1")
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setpoint:
    """What the supply is to do."""

    voltage_v: Decimal = _NOTHING
    current_a: Decimal = _NOTHING
    is_on: bool = False


OFF: Final = Setpoint()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The most that may be given now: by the supply, the EVSE and the charging limits together."""

    most_v: Decimal
    most_a: Decimal
    most_w: Decimal
    is_energised: bool
    """Whether the vehicle has asked for power, and not only for the voltage that comes before."""


def setpoint(path: Path, target: Deliver | None, target_age_s: float, bounds: Bounds) -> Setpoint:
    """Return what the supply is told: asked for too long ago, a voltage without current."""
    match path.stage:
        case Stage.RAISING | Stage.TESTING:
            return Setpoint(voltage_v=min(path.test_v, bounds.most_v), current_a=TEST_A, is_on=True)
        case Stage.GIVING if target is not None:
            return _given(target, bounds, is_fresh=target_age_s <= FRESH_S)
        case Stage.RAMPING if target is not None:
            return _given(target, bounds, is_fresh=False)
        case _:
            return OFF


def _given(target: Deliver, bounds: Bounds, *, is_fresh: bool) -> Setpoint:
    voltage_v = min(max(target.voltage_v, _NOTHING), bounds.most_v).quantize(_STEP_V, ROUND_DOWN)
    if voltage_v == 0:
        return OFF
    if not is_fresh:
        return Setpoint(voltage_v=voltage_v, is_on=True)
    most_a = bounds.most_a if bounds.is_energised else min(bounds.most_a, PRE_CHARGE_MOST_A)
    current_a = min(max(target.current_a, _NOTHING), most_a, bounds.most_w / voltage_v)
    return Setpoint(voltage_v=voltage_v, current_a=current_a.quantize(_STEP_A, ROUND_DOWN), is_on=True)
