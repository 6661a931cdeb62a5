"""CurrentDemand, as far as DIN 70121 and ISO 15118-2 have it in common."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from agent.iso15118.direct_current import supply_of
from agent.iso15118.facts import DcLimits, Facts
from agent.iso15118.turns import Order
from agent.iso15118.v2g_message.direct import (
    NO_ERRORS,
    asked_for,
    present_voltage,
    refuse_emergency,
    told_soc,
)
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.physical import physical
from agent.iso15118.v2g_message.session import Session, VehicleLimits
from agent.iso15118.v2g_message.supply import dc_status, demand

S = TypeVar("S", bound=Session)


def current_demand(
    session: S, asked: Asked, facts: Facts, *, may_renegotiate: bool
) -> tuple[S, Fields, tuple[Order, ...]]:
    """Return the session, what its response holds, and what the supply is told.

    Raises:
        Refused: In an emergency, or if the vehicle's values are none.
    """
    refuse_emergency(facts)
    evse = supply_of(facts)
    status = asked.body["DC_EVStatus"]
    session, orders = told_soc(replace(session, limits=_limits(session, asked)), status)
    wanted_v, wanted_a = asked_for(asked, "EVTargetVoltage", "V"), asked_for(asked, "EVTargetCurrent", "A")
    may_flow = facts.fault is None and status["EVErrorCode"] in NO_ERRORS
    given = demand(wanted_v, wanted_a if may_flow else Decimal(0), evse, session.limits)
    present = facts.dc_present
    fields = {
        **least_of_demand(facts),
        "DC_EVSEStatus": dc_status(facts, "EVSE_Ready", may_renegotiate=may_renegotiate),
        "EVSEVoltageLimitAchieved": given.at_voltage_limit
        or (present is not None and present.at_voltage_limit),
        "EVSECurrentLimitAchieved": given.at_current_limit
        or (present is not None and present.at_current_limit),
        "EVSEPowerLimitAchieved": given.at_power_limit or (present is not None and present.at_power_limit),
        **_maxima(evse),
    }
    return session, fields, (*orders, given.deliver)


def least_of_demand(facts: Facts) -> Fields:
    """Return what a CurrentDemandRes must hold in either protocol."""
    present = facts.dc_present
    return {
        "DC_EVSEStatus": dc_status(facts, "EVSE_NotReady"),
        **present_voltage(facts),
        "EVSEPresentCurrent": physical(present.current_a if present is not None else Decimal(0), "A"),
        "EVSECurrentLimitAchieved": False,
        "EVSEVoltageLimitAchieved": False,
        "EVSEPowerLimitAchieved": False,
    }


def _maxima(evse: DcLimits) -> Fields:
    return {
        "EVSEMaximumVoltageLimit": physical(evse.most_v, "V"),
        "EVSEMaximumCurrentLimit": physical(evse.most_a, "A"),
        "EVSEMaximumPowerLimit": physical(evse.most_w, "W"),
    }


def _limits(session: Session, asked: Asked) -> VehicleLimits | None:
    """Return the vehicle's limits: it may tell new ones with each demand."""
    if session.limits is None:
        return None

    limits, told = session.limits, asked.body
    if "EVMaximumVoltageLimit" in told:
        limits = replace(limits, most_v=asked_for(asked, "EVMaximumVoltageLimit", "V"))
    if "EVMaximumCurrentLimit" in told:
        limits = replace(limits, most_a=asked_for(asked, "EVMaximumCurrentLimit", "A"))
    if "EVMaximumPowerLimit" in told:
        limits = replace(limits, most_w=asked_for(asked, "EVMaximumPowerLimit", "W"))
    return limits
