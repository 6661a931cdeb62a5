"""What a vehicle on direct current gets, and what it is told of the EVSE."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from typing import Final, Literal

from agent.iso15118.facts import DcLimits, Facts, Isolation
from agent.iso15118.turns import Deliver
from agent.iso15118.v2g_message.envelope import Fields
from agent.iso15118.v2g_message.physical import physical
from agent.iso15118.v2g_message.session import VehicleLimits

Code = Literal["EVSE_NotReady", "EVSE_Ready", "EVSE_IsolationMonitoringActive"]
STOP_WITHIN_S: Final = 10
RENEGOTIATE_WITHIN_S: Final = 60
"""How long a vehicle may take until it follows a notification (NotificationMaxDelay)."""
_SMALLEST_STEP_A: Final = Decimal("0.01")
_NOTHING: Final = Decimal(0)
_ISOLATION: Final[dict[Isolation, str]] = {
    "unknown": "Invalid",
    "testing": "Invalid",
    "valid": "Valid",
    "warning": "Warning",
    "fault": "Fault",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the supply is to do for a vehicle, and which limits of the EVSE stand in the way of more."""

    deliver: Deliver
    at_voltage_limit: bool
    at_current_limit: bool
    at_power_limit: bool


def demand(wanted_v: Decimal, wanted_a: Decimal, evse: DcLimits, vehicle: VehicleLimits | None) -> Demand:
    """Return what a vehicle gets of what it wants: within the limits of both, and never backwards.

    Below the least voltage of the EVSE nothing flows: the supply cannot go there, and no higher voltage is
    what the vehicle wants.
    """
    most_v, most_a, most_w = evse.most_v, evse.most_a, evse.most_w
    if vehicle is not None:
        wanted_v, wanted_a = min(wanted_v, vehicle.most_v), min(wanted_a, vehicle.most_a)
        most_w = most_w if vehicle.most_w is None else min(most_w, vehicle.most_w)
    voltage_v = max(_NOTHING, min(wanted_v, most_v))
    by_power_a = most_w / voltage_v if voltage_v else _NOTHING
    current_a = max(_NOTHING, min(wanted_a, most_a, by_power_a))
    if voltage_v < evse.least_v:
        current_a = _NOTHING
    return Demand(
        deliver=Deliver(voltage_v, current_a.quantize(_SMALLEST_STEP_A, ROUND_DOWN)),
        at_voltage_limit=wanted_v >= most_v,
        at_current_limit=wanted_a >= most_a,
        at_power_limit=wanted_v * wanted_a >= evse.most_w,
    )


def limited(facts: Facts) -> Facts:
    """Return the facts with what may be drawn now: nothing while the EVSE pauses."""
    if facts.wish != "pause":
        return facts
    ac = None if facts.ac is None else replace(facts.ac, most_a=_NOTHING)
    dc = None if facts.dc is None else replace(facts.dc, most_a=_NOTHING, most_w=_NOTHING)
    return replace(facts, ac=ac, dc=dc)


def is_emergency(facts: Facts) -> bool:
    """Return whether nothing but the end of the session can follow."""
    return facts.is_emergency or (facts.dc is not None and facts.isolation == "fault")


def notification(facts: Facts, *, may_renegotiate: bool = False) -> Fields:
    """Return what the vehicle is asked to do, and how soon.

    There is no word for a pause: limits of nothing say it, and the vehicle stays or leaves as it likes.
    """
    if facts.fault is not None or is_emergency(facts):
        return {"NotificationMaxDelay": 0, "EVSENotification": "StopCharging"}
    if facts.wish == "stop":
        return {"NotificationMaxDelay": STOP_WITHIN_S, "EVSENotification": "StopCharging"}
    if facts.wish == "renegotiate" and may_renegotiate:
        return {"NotificationMaxDelay": RENEGOTIATE_WITHIN_S, "EVSENotification": "ReNegotiation"}
    return {"NotificationMaxDelay": 0, "EVSENotification": "None"}


def dc_status(facts: Facts, code: Code, *, may_renegotiate: bool = False) -> Fields:
    """Return DC_EVSEStatus; `code` is what holds as long as nothing is wrong and nobody wants to stop."""
    return {
        **notification(facts, may_renegotiate=may_renegotiate),
        "EVSEIsolationStatus": _ISOLATION[facts.isolation],
        "EVSEStatusCode": _status_code(facts, code),
    }


def dc_limits(facts: Facts, dc: DcLimits) -> Fields:
    """Return DC_EVSEChargeParameter."""
    return {
        "DC_EVSEStatus": dc_status(facts, "EVSE_Ready"),
        "EVSEMaximumCurrentLimit": physical(dc.most_a, "A"),
        "EVSEMaximumPowerLimit": physical(dc.most_w, "W"),
        "EVSEMaximumVoltageLimit": physical(dc.most_v, "V"),
        "EVSEMinimumCurrentLimit": physical(dc.least_a, "A"),
        "EVSEMinimumVoltageLimit": physical(dc.least_v, "V"),
        "EVSEPeakCurrentRipple": physical(dc.ripple_a, "A"),
    }


def _status_code(facts: Facts, code: Code) -> str:
    if is_emergency(facts):
        return "EVSE_EmergencyShutdown"
    if facts.fault is not None:
        return "EVSE_Malfunction"
    return "EVSE_Shutdown" if facts.wish == "stop" else code
