"""ChargeParameterDiscovery: what the vehicle needs, what the EVSE can give, and one schedule."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from agent.iso15118.din.services import MODE
from agent.iso15118.din.session import DinSession
from agent.iso15118.direct_current import supply_of
from agent.iso15118.facts import DcLimits, Facts
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Order, TellNeeds, TellSoc, Turn
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.needs import Read, read_dc
from agent.iso15118.v2g_message.schedules import (
    LEAST_ENTRIES,
    SCHEDULES_S,
    Entry,
    Offered,
    from_offer,
    of_the_evse,
)
from agent.iso15118.v2g_message.session import Phase
from agent.iso15118.v2g_message.supply import dc_limits

MOST_W: Final = 32767
"""The largest power that a schedule can tell; an EVSE that has more says so in its limits."""
_ID: Final = 1


def _discover(session: DinSession, asked: Asked, facts: Facts) -> Turn[DinSession]:
    wanted = asked.body["EVRequestedEnergyTransferType"]
    if wanted != MODE:
        raise Refused("FAILED_WrongEnergyTransferType", f"{wanted} is not offered")  # V2G-DC-397
    parameters = asked.body.get("DC_EVChargeParameter")
    if parameters is None:
        raise Refused("FAILED_WrongChargeParameter", f"no parameters for {wanted}")  # V2G-DC-398
    offered = _offered(facts, supply_of(facts))
    told = read_dc(parameters, facts, most_schedules=1)
    is_first = session.waiting_since_s is None
    is_late = session.waited_s(facts) > SCHEDULES_S
    orders = _orders(session, told) if is_first else ()
    session = replace(session, limits=told.limits, soc=told.soc)
    if is_first or (facts.offers is None and not is_late):
        fields = {**_least(session, asked, facts), "EVSEProcessing": "Ongoing"}
        return reply(session.waiting(facts), asked, fields, orders=orders)
    session = replace(session, offered=(offered,)).goes_on(Phase.CABLE_CHECK)
    return reply(session, asked, _least(session, asked, facts), orders=orders)


def _orders(session: DinSession, told: Read) -> tuple[Order, ...]:
    needs = TellNeeds(told.needs)
    return (needs,) if told.soc is None or told.soc == session.soc else (needs, TellSoc(told.soc))


def _offered(facts: Facts, evse: DcLimits) -> Offered:
    """Return the backend's first schedule, or else what can be had now (V2G-DC-329: twelve entries)."""
    if facts.offers:
        offered = from_offer(facts.offers[0], _ID, phases=1, voltage_v=evse.most_v)
    else:
        offered = of_the_evse(facts.now, evse.most_w, None)
    shortened = offered.since(facts.now).capped_now(evse.most_w).within(LEAST_ENTRIES)
    entries = tuple(
        replace(entry, most_w=min(entry.most_w, Decimal(MOST_W)).to_integral_value(ROUND_DOWN))
        for entry in shortened.entries
    )
    return replace(shortened, entries=entries)


def _tuple(offered: Offered) -> dict[str, Any]:
    """Return a SAScheduleTuple, without prices (V2G-DC-554)."""
    ends = [*(entry.start_s for entry in offered.entries[1:]), offered.duration_s]
    entries = [_entry(entry, end_s) for entry, end_s in zip(offered.entries, ends, strict=True)]
    return {
        "SAScheduleTupleID": offered.id,
        "PMaxSchedule": {"PMaxScheduleID": offered.id, "PMaxScheduleEntry": entries},
    }


def _entry(entry: Entry, end_s: int) -> dict[str, Any]:
    interval = {"start": entry.start_s, "duration": end_s - entry.start_s}
    return {"RelativeTimeInterval": interval, "PMax": int(entry.most_w)}


def _least(_session: DinSession, _asked: Asked, facts: Facts) -> Fields:
    """Limits and a schedule: in DIN 70121 they are told even while schedules are being made."""
    if facts.dc is None:
        return {"EVSEProcessing": "Finished", "SASchedules": {}, "EVSEChargeParameter": {}}
    return {
        "EVSEProcessing": "Finished",
        "SAScheduleList": {"SAScheduleTuple": [_tuple(_offered(facts, facts.dc))]},
        "DC_EVSEChargeParameter": dc_limits(facts, facts.dc),
    }


HANDLINGS = {"ChargeParameterDiscoveryReq": Handling(_discover, _least)}
