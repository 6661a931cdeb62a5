"""ChargeParameterDiscovery: what the vehicle needs, what the EVSE can give, and schedules to choose from."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from agent.iso15118.facts import AcLimits, Facts
from agent.iso15118.iso2.needs import read
from agent.iso15118.iso2.schedule_list import schedule_list
from agent.iso15118.iso2.services import modes
from agent.iso15118.iso2.session import Iso2Session, Mode
from agent.iso15118.refused import Refused
from agent.iso15118.turns import DrawAtMost, Order, TellNeeds, TellSoc, Turn
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.needs import Read
from agent.iso15118.v2g_message.physical import physical
from agent.iso15118.v2g_message.schedules import (
    LEAST_ENTRIES,
    MOST_ENTRIES,
    SCHEDULES_S,
    Offered,
    from_offer,
    numbers_for,
    of_the_evse,
)
from agent.iso15118.v2g_message.session import Phase
from agent.iso15118.v2g_message.supply import dc_limits, notification
from agent.smartcharging.needs import MOST_SCHEDULES


def ac_status(facts: Facts, *, may_renegotiate: bool = False) -> Fields:
    """Return AC_EVSEStatus."""
    return {**notification(facts, may_renegotiate=may_renegotiate), "RCD": facts.has_tripped}


def phases_of(mode: Mode | None, ac: AcLimits) -> int:
    """Return on how many phases a vehicle is charged."""
    return 1 if mode == "AC_single_phase_core" else ac.phases


def power_now(session: Iso2Session, facts: Facts) -> Decimal:
    """Return the power that can be had now."""
    if session.mode == "DC_extended":
        assert facts.dc is not None  # the mode was checked
        return facts.dc.most_w
    assert facts.ac is not None  # as before
    return facts.ac.most_a * facts.ac.voltage_v * phases_of(session.mode, facts.ac)


def _discover(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    mode = _mode(session, asked, facts)
    told = read(mode, asked.body, facts)
    orders = _orders(session, told)
    is_new = session.waiting_since_s is None
    session = replace(session, mode=mode, limits=told.limits, soc=told.soc)
    limits = _limits(facts, mode)
    is_late = session.waited_s(facts) > SCHEDULES_S
    if is_new or (facts.offers is None and not is_late):
        return reply(session.waiting(facts), asked, {"EVSEProcessing": "Ongoing", **limits}, orders=orders)
    most_entries = max(LEAST_ENTRIES, min(asked.body.get("MaxEntriesSAScheduleTuple", 0), MOST_ENTRIES))
    session = replace(session, offered=_offered(session, told, facts, most_entries))
    fields = {
        "EVSEProcessing": "Finished",
        "SAScheduleList": schedule_list(session.offered, most_entries),
        **limits,
    }
    phase = Phase.CABLE_CHECK if mode == "DC_extended" else Phase.AC_START
    session = replace(session, is_cable_check_ordered=False)
    return reply(session.goes_on(phase), asked, fields, orders=orders)


def _mode(session: Iso2Session, asked: Asked, facts: Facts) -> Mode:
    """Return the mode that is wanted: one that is offered, and the same one throughout a session."""
    wanted = asked.body["RequestedEnergyTransferMode"]
    before = session.mode or (session.kept.mode if session.kept is not None else None)
    has_it = (facts.dc if wanted == "DC_extended" else facts.ac) is not None
    if wanted not in modes(session) or not has_it or before not in (None, wanted):
        raise Refused("FAILED_WrongEnergyTransferMode", f"{wanted} is not offered")
    return cast("Mode", wanted)


def _orders(session: Iso2Session, told: Read) -> tuple[Order, ...]:
    """Return what the EVSE is told: needs once, not again each time that the vehicle asks for schedules."""
    orders: list[Order] = []
    if session.waiting_since_s is None:
        orders.append(TellNeeds(told.needs))
        if told.most_a is not None:
            orders.append(DrawAtMost(told.most_a))
    if told.soc is not None and told.soc != session.soc:
        orders.append(TellSoc(told.soc))
    return tuple(orders)


def _offered(session: Iso2Session, told: Read, facts: Facts, most_entries: int) -> tuple[Offered, ...]:
    """Return the schedules: what was agreed on before a pause, the backend's, or else what can be had now."""
    now_w = power_now(session, facts)
    kept = () if session.kept is None else _unless_over(session.kept.schedule, facts)
    offers = facts.offers or ()
    phases, voltage_v = _conversion(session, facts)
    numbers = numbers_for(offers, [one.id for one in kept])
    offered = [
        *kept,
        *(
            from_offer(offer, number, phases, voltage_v)
            for offer, number in zip(offers, numbers, strict=False)
        ),
    ]
    offered = offered or [of_the_evse(facts.now, now_w, told.departure_s)]
    departure_s = told.departure_s
    return tuple(
        (left if departure_s is None else left.until(departure_s)).capped_now(now_w).within(most_entries)
        for left in (one.since(facts.now) for one in offered[:MOST_SCHEDULES])
    )


def _unless_over(offered: Offered, facts: Facts) -> tuple[Offered, ...]:
    is_over = (facts.now - offered.start).total_seconds() >= offered.duration_s
    return () if is_over else (offered,)


def _conversion(session: Iso2Session, facts: Facts) -> tuple[int, Decimal]:
    """Return how many phases there are, and at which voltage: for offers in A."""
    if session.mode == "DC_extended":
        assert facts.dc is not None  # the mode was checked
        return 1, facts.dc.most_v
    assert facts.ac is not None  # as before
    return phases_of(session.mode, facts.ac), facts.ac.voltage_v


def _limits(facts: Facts, mode: Mode | None) -> Fields:
    """Return what the EVSE can give in this mode: of one that is not known yet, what it has."""
    if facts.dc is not None and mode in ("DC_extended", None):
        return {"DC_EVSEChargeParameter": dc_limits(facts, facts.dc)}
    if facts.ac is not None:
        return {"AC_EVSEChargeParameter": _ac_limits(facts, facts.ac)}
    return {"EVSEChargeParameter": {}}


def _ac_limits(facts: Facts, ac: AcLimits) -> Fields:
    return {
        "AC_EVSEStatus": ac_status(facts),
        "EVSENominalVoltage": physical(ac.voltage_v, "V"),
        "EVSEMaxCurrent": physical(ac.most_a, "A"),
    }


def _least(session: Iso2Session, _asked: Asked, facts: Facts) -> Fields:
    return {"EVSEProcessing": "Finished", **_limits(facts, session.mode)}


HANDLINGS = {"ChargeParameterDiscoveryReq": Handling(_discover, _least)}
