"""Direct current before and after the loop: limits, the test of the cable, PreCharge, WeldingDetection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from agent.iso15118.direct_current import CABLE_CHECK_S, PRE_CHARGE_MOST_A, supply_of
from agent.iso15118.facts import DcLimits, Facts
from agent.iso15118.iso20.messages import Fields
from agent.iso15118.iso20.rational import decimal, rational
from agent.iso15118.iso20.replies import reply, waits_too_long
from agent.iso15118.iso20.services import is_still_offered
from agent.iso15118.iso20.session import Limits, Selection, Session
from agent.iso15118.iso20.states import Phase
from agent.iso15118.iso20.supply import flow
from agent.iso15118.refused import Refused
from agent.iso15118.turns import CheckCable, Request, Turn

ISOLATED: Final = ("valid", "warning")


def discover_parameters(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer DC_ChargeParameterDiscoveryReq (V2G20-2272)."""
    if not is_still_offered(session, facts):
        raise Refused("FAILED_WrongChargeParameter", "what was chosen before the pause cannot be had now")
    mode = request.message.get(f"{session.chosen.prefix}DC_CPDReqEnergyTransferMode")
    if mode is None:
        raise Refused("FAILED_WrongChargeParameter", "they are for another service than was chosen")
    evse = supply_of(facts)
    session = replace(session, limits=_limits(mode, evse))
    fields = {f"{session.chosen.prefix}DC_CPDResEnergyTransferMode": _told(session.chosen, evse)}
    return reply(session.goes_on(Phase.SCHEDULES, facts), request, fields)


def check_cable(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer DC_CableCheckReq, which is repeated until the test has a result."""
    if facts.fault is not None:
        raise Refused("FAILED", facts.fault)
    if session.is_checked and facts.isolation in ISOLATED:
        session = session.goes_on(Phase.PRE_CHARGE, facts)
        return reply(session, request, {"EVSEProcessing": "Finished"})
    if waits_too_long(session, facts, CABLE_CHECK_S):
        raise Refused("FAILED", f"the test of the cable has no result after {CABLE_CHECK_S:.0f} s")
    if session.is_checked or not (facts.vehicle_is_ready and facts.is_locked):
        return reply(session, request, {"EVSEProcessing": "Ongoing"})
    order = CheckCable(min(supply_of(facts).most_v, session.vehicle.most_v or Decimal(0)))
    session = replace(session, is_checked=True)
    return reply(session, request, {"EVSEProcessing": "Ongoing"}, orders=(order,))


def pre_charge(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer DC_PreChargeReq: the output goes to the battery's voltage, as far as it can."""
    if facts.fault is not None:
        raise Refused("FAILED", facts.fault)
    if facts.isolation not in ISOLATED:
        raise Refused("FAILED", f"the isolation is not good: {facts.isolation}")
    if session.authorized is None or facts.authorization != "accepted":
        raise Refused("FAILED", "the driver is not authorized any more")
    wanted_v = decimal(request.message["EVTargetVoltage"])
    deliver = flow(
        wanted_v, PRE_CHARGE_MOST_A, supply_of(facts), replace(session.vehicle, most_back_a=Decimal(0))
    )
    is_done = request.message["EVProcessing"] == "Finished"
    session = session.goes_on(Phase.DELIVERY if is_done else Phase.PRE_CHARGE, facts)
    return reply(session, request, present_voltage(facts), orders=(deliver,))


def detect_welding(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer DC_WeldingDetectionReq: the vehicle sees by the voltage whether its contactors are open."""
    return reply(session, request, present_voltage(facts))


def present_voltage(facts: Facts) -> Fields:
    """Return EVSEPresentVoltage."""
    present = facts.dc_present
    return {"EVSEPresentVoltage": rational(Decimal(0) if present is None else present.voltage_v)}


def _limits(mode: Mapping[str, Any], evse: DcLimits) -> Limits:
    def told(name: str) -> Decimal:
        return decimal(mode[name]) if name in mode else Decimal(0)

    limits = Limits(
        most_w=told("EVMaximumChargePower"),
        least_w=told("EVMinimumChargePower"),
        most_a=told("EVMaximumChargeCurrent"),
        least_a=told("EVMinimumChargeCurrent"),
        most_v=told("EVMaximumVoltage"),
        least_v=told("EVMinimumVoltage"),
        most_back_w=abs(told("EVMaximumDischargePower")),
        most_back_a=abs(told("EVMaximumDischargeCurrent")),
        target_soc=mode.get("TargetSOC"),
    )
    for name in ("w", "a", "v"):
        least, most = getattr(limits, f"least_{name}"), getattr(limits, f"most_{name}")
        if not 0 <= least <= most:
            raise Refused("FAILED_WrongChargeParameter", f"the vehicle can do from {least} to {most} {name}")
    if told("EVMaximumVoltage") < evse.least_v or limits.least_v > evse.most_v:
        why = f"{limits.least_v} to {limits.most_v} V; the EVSE has {evse.least_v} to {evse.most_v} V"
        raise Refused("FAILED_WrongChargeParameter", f"the vehicle needs {why}")
    return limits


def _told(selection: Selection, evse: DcLimits) -> Fields:
    fields = {
        "EVSEMaximumChargePower": evse.most_w,
        "EVSEMinimumChargePower": min(evse.most_w, evse.least_a * evse.least_v),
        "EVSEMaximumChargeCurrent": evse.most_a,
        "EVSEMinimumChargeCurrent": min(evse.most_a, evse.least_a),
        "EVSEMaximumVoltage": evse.most_v,
        "EVSEMinimumVoltage": evse.least_v,
    }
    if selection.is_bpt:
        fields["EVSEMaximumDischargePower"] = evse.most_back_w
        fields["EVSEMinimumDischargePower"] = Decimal(0)
        fields["EVSEMaximumDischargeCurrent"] = evse.most_back_a
        fields["EVSEMinimumDischargeCurrent"] = Decimal(0)
    return {name: rational(value) for name, value in fields.items()}
