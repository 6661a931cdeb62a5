"""What is alike on direct current before and after charging: CableCheck, PreCharge, WeldingDetection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from agent.iso15118.direct_current import CABLE_CHECK_S, PRE_CHARGE_MOST_A, supply_of
from agent.iso15118.facts import Facts
from agent.iso15118.refused import Refused
from agent.iso15118.turns import CheckCable, Order, TellSoc, Turn
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.physical import Unit, WrongUnit, amount_of, physical
from agent.iso15118.v2g_message.session import Phase, Session
from agent.iso15118.v2g_message.supply import Code, dc_status, demand, is_emergency

S = TypeVar("S", bound=Session)
Least = Callable[[Session, Asked, Facts], Fields]
NO_ERRORS: Final = ("NO_ERROR", "NoData")


def told_soc(session: S, status: Mapping[str, Any]) -> tuple[S, tuple[Order, ...]]:
    """Return the session with the battery's charge that a DC_EVStatus tells, and the order to pass it on."""
    soc = status["EVRESSSOC"]
    if soc == session.soc:
        return session, ()
    return replace(session, soc=soc), (TellSoc(soc),)


def asked_for(asked: Asked, name: str, unit: Unit) -> Decimal:
    """Return a physical value of a request.

    Raises:
        Refused: If it is in another unit.
    """
    try:
        return amount_of(asked.body[name], unit)
    except WrongUnit as error:
        raise Refused("FAILED", f"{name}: {error}") from None


def refuse_emergency(facts: Facts) -> None:
    """Refuse what cannot go on in an emergency.

    Raises:
        Refused: If there is one.
    """
    if is_emergency(facts):
        raise Refused("FAILED", facts.fault or "the isolation is faulty")


def present_voltage(facts: Facts) -> Fields:
    """Return EVSEPresentVoltage."""
    present = facts.dc_present
    return {"EVSEPresentVoltage": physical(present.voltage_v if present is not None else Decimal(0), "V")}


def _check_cable(session: S, asked: Asked, facts: Facts) -> Turn[S]:
    _refuse_errors(asked, facts)
    evse = supply_of(facts)
    session, orders = told_soc(session, asked.body["DC_EVStatus"])
    if session.waited_s(facts) > CABLE_CHECK_S:
        raise Refused("FAILED", f"no result of the cable check within {CABLE_CHECK_S:.0f} s")
    if session.is_cable_check_ordered and facts.isolation in ("valid", "warning"):
        fields = {"DC_EVSEStatus": dc_status(facts, "EVSE_Ready"), "EVSEProcessing": "Finished"}
        return reply(session.goes_on(Phase.PRE_CHARGE), asked, fields, orders=orders)
    if not session.is_cable_check_ordered and facts.vehicle_is_ready and facts.is_locked:
        most_v = evse.most_v if session.limits is None else min(evse.most_v, session.limits.most_v)
        orders = (*orders, CheckCable(most_v))
        session = replace(session, is_cable_check_ordered=True)
    fields = {
        "DC_EVSEStatus": dc_status(facts, "EVSE_IsolationMonitoringActive"),
        "EVSEProcessing": "Ongoing",
    }
    return reply(session.waiting(facts), asked, fields, orders=orders)


def _pre_charge(session: S, asked: Asked, facts: Facts) -> Turn[S]:
    _refuse_errors(asked, facts)
    evse = supply_of(facts)
    wanted_v, wanted_a = asked_for(asked, "EVTargetVoltage", "V"), asked_for(asked, "EVTargetCurrent", "A")
    session, orders = told_soc(session, asked.body["DC_EVStatus"])
    given = demand(wanted_v, min(wanted_a, PRE_CHARGE_MOST_A), evse, session.limits)
    fields = {"DC_EVSEStatus": dc_status(facts, "EVSE_Ready"), **present_voltage(facts)}
    return reply(session.goes_on(Phase.DC_START), asked, fields, orders=(*orders, given.deliver))


def _detect_welding(session: S, asked: Asked, facts: Facts) -> Turn[S]:
    session, orders = told_soc(session, asked.body["DC_EVStatus"])
    fields = {"DC_EVSEStatus": dc_status(facts, "EVSE_NotReady"), **present_voltage(facts)}
    return reply(session, asked, fields, orders=orders)


def _refuse_errors(asked: Asked, facts: Facts) -> None:
    refuse_emergency(facts)
    if facts.fault is not None:
        raise Refused("FAILED", facts.fault)
    error = asked.body["DC_EVStatus"]["EVErrorCode"]
    if error not in NO_ERRORS:
        raise Refused("FAILED", f"the vehicle reports {error}")


def _least(code: Code, *, has_voltage: bool, has_processing: bool = False) -> Least:
    def least(_session: Session, _asked: Asked, facts: Facts) -> Fields:
        fields: Fields = {"DC_EVSEStatus": dc_status(facts, code)}
        if has_voltage:
            fields |= present_voltage(facts)
        return fields | ({"EVSEProcessing": "Finished"} if has_processing else {})

    return least


def handlings(_kind: type[S]) -> dict[str, Handling[S]]:
    """Return how these requests are answered, for a protocol's sessions."""
    not_ready: Code = "EVSE_NotReady"
    return {
        "CableCheckReq": Handling(_check_cable, _least(not_ready, has_voltage=False, has_processing=True)),
        "PreChargeReq": Handling(_pre_charge, _least(not_ready, has_voltage=True)),
        "WeldingDetectionReq": Handling(_detect_welding, _least(not_ready, has_voltage=True)),
    }
