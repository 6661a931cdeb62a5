"""PowerDelivery: the power goes on or off, or schedules are negotiated anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from agent.iso15118.facts import Facts
from agent.iso15118.iso2.parameters import ac_status
from agent.iso15118.iso2.session import Iso2Session
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Deed, Order, TellChosen, Turn
from agent.iso15118.v2g_message.choice import all_of, as_chosen, planned
from agent.iso15118.v2g_message.direct import refuse_emergency, told_soc
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.physical import WrongUnit, amount_of
from agent.iso15118.v2g_message.power import switch_off, switch_on
from agent.iso15118.v2g_message.schedules import Entry, Offered
from agent.iso15118.v2g_message.session import Phase
from agent.iso15118.v2g_message.supply import Code, dc_status
from agent.smartcharging.profiles import Period

_LOOPS: Final = (Phase.AC_LOOP, Phase.DC_LOOP)


def is_dc(session: Iso2Session) -> bool:
    """Return whether the vehicle charges on direct current."""
    return session.mode == "DC_extended"


def status(session: Iso2Session, facts: Facts, *, may_renegotiate: bool = False) -> Fields:
    """Return AC_EVSEStatus or DC_EVSEStatus."""
    if is_dc(session):
        code: Code = "EVSE_Ready" if session.is_energised else "EVSE_NotReady"
        return {"DC_EVSEStatus": dc_status(facts, code, may_renegotiate=may_renegotiate)}
    return {"AC_EVSEStatus": ac_status(facts, may_renegotiate=may_renegotiate)}


def _deliver(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    progress = asked.body["ChargeProgress"]
    if progress == "Start":
        return _start(session, asked, facts)
    return _stop(session, asked, facts) if progress == "Stop" else _renegotiate(session, asked, facts)


def _start(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    if session.phase in _LOOPS:
        raise Refused("FAILED", "the power is on already")  # V2G2-812
    chosen = _chosen(session, asked)
    plan = _plan(chosen, asked.body.get("ChargingProfile"))
    switched = switch_on(session, facts)
    if isinstance(switched, Deed):
        return switched
    session, orders = _told(replace(switched, chosen=chosen, agreed_s=facts.now_s), asked)
    phase = Phase.DC_FIRST if is_dc(session) else Phase.AC_FIRST
    orders = (TellChosen(as_chosen(chosen, plan)), *orders)
    return reply(session.goes_on(phase), asked, status(session, facts), orders=orders)


def _stop(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    switched = switch_off(session, facts)
    if isinstance(switched, Deed):
        return switched
    session, orders = _told(switched, asked)
    phase = Phase.DC_STOP if is_dc(session) else Phase.AC_STOP
    return reply(session.goes_on(phase), asked, status(session, facts), orders=orders)


def _renegotiate(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    """Parameters are next (V2G2-813). Direct current is off then: its cable is checked again."""
    if session.phase not in _LOOPS:
        raise Refused("FAILED", "there is nothing to negotiate anew, charging has not begun")
    refuse_emergency(facts)
    if is_dc(session):
        switched = switch_off(session, facts)
        if isinstance(switched, Deed):
            return switched
        session = switched
    session, orders = _told(session, asked)
    return reply(session.goes_on(Phase.PARAMETERS), asked, status(session, facts), orders=orders)


def _told(session: Iso2Session, asked: Asked) -> tuple[Iso2Session, tuple[Order, ...]]:
    parameter = asked.body.get("DC_EVPowerDeliveryParameter")
    return (session, ()) if parameter is None else told_soc(session, parameter["DC_EVStatus"])


def _chosen(session: Iso2Session, asked: Asked) -> Offered:
    """Return the schedule that the vehicle chose (V2G2-479)."""
    number = asked.body["SAScheduleTupleID"]
    for offered in session.offered:
        if offered.id == number:
            return offered
    raise Refused("FAILED_TariffSelectionInvalid", f"schedule {number} was not offered")


def _plan(chosen: Offered, profile: Mapping[str, Any] | None) -> tuple[Period, ...]:
    """Return the periods by which the vehicle will charge: without a plan of its own, all that it may."""
    if profile is None:
        return all_of(chosen)
    entries = profile["ProfileEntry"]
    plan = [Entry(start_s=one["ChargingProfileEntryStart"], most_w=_power(one)) for one in entries]
    return planned(chosen, plan, [one.get("ChargingProfileEntryMaxNumberOfPhasesInUse") for one in entries])


def _power(entry: Mapping[str, Any]) -> Decimal:
    try:
        return max(Decimal(0), amount_of(entry["ChargingProfileEntryMaxPower"], "W"))
    except WrongUnit as error:
        raise Refused("FAILED_ChargingProfileInvalid", str(error)) from None


def _least(session: Iso2Session, _asked: Asked, facts: Facts) -> Fields:
    return status(session, facts)


HANDLINGS = {"PowerDeliveryReq": Handling(_deliver, _least)}
