"""PowerDelivery: the power goes on or off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from agent.iso15118.din.session import DinSession
from agent.iso15118.facts import Facts
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Deed, Order, TellChosen, Turn
from agent.iso15118.v2g_message.choice import all_of, as_chosen, planned
from agent.iso15118.v2g_message.direct import told_soc
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.power import switch_off, switch_on
from agent.iso15118.v2g_message.schedules import Entry, Offered
from agent.iso15118.v2g_message.session import Phase
from agent.iso15118.v2g_message.supply import Code, dc_status
from agent.smartcharging.profiles import Period


def _deliver(session: DinSession, asked: Asked, facts: Facts) -> Turn[DinSession]:
    return (_start if asked.body["ReadyToChargeState"] else _stop)(session, asked, facts)


def _start(session: DinSession, asked: Asked, facts: Facts) -> Turn[DinSession]:
    if session.phase is Phase.DC_LOOP:
        raise Refused("FAILED", "the power is on already")
    (offered,) = session.offered
    plan = _plan(offered, asked.body.get("ChargingProfile"))
    switched = switch_on(session, facts)
    if isinstance(switched, Deed):
        return switched
    session, orders = _told(replace(switched, chosen=offered), asked)
    orders = (TellChosen(as_chosen(offered, plan)), *orders)
    return reply(session.goes_on(Phase.DC_FIRST), asked, _status(session, asked, facts), orders=orders)


def _stop(session: DinSession, asked: Asked, facts: Facts) -> Turn[DinSession]:
    switched = switch_off(session, facts)
    if isinstance(switched, Deed):
        return switched
    session, orders = _told(switched, asked)
    return reply(session.goes_on(Phase.DC_STOP), asked, _status(session, asked, facts), orders=orders)


def _told(session: DinSession, asked: Asked) -> tuple[DinSession, tuple[Order, ...]]:
    parameter = asked.body.get("DC_EVPowerDeliveryParameter")
    return (session, ()) if parameter is None else told_soc(session, parameter["DC_EVStatus"])


def _plan(offered: Offered, profile: Mapping[str, Any] | None) -> tuple[Period, ...]:
    """Return by what of the schedule the vehicle will charge (V2G-DC-399, V2G-DC-400)."""
    if profile is None:
        return all_of(offered)
    if profile["SAScheduleTupleID"] != offered.id:
        raise Refused(
            "FAILED_TariffSelectionInvalid", f"schedule {profile['SAScheduleTupleID']} was not offered"
        )
    plan = [
        Entry(
            start_s=entry["ChargingProfileEntryStart"],
            most_w=max(Decimal(0), Decimal(entry["ChargingProfileEntryMaxPower"])),
        )
        for entry in profile["ProfileEntry"]
    ]
    return planned(offered, plan, [None] * len(plan))


def _status(session: DinSession, _asked: Asked, facts: Facts) -> Fields:
    code: Code = "EVSE_Ready" if session.is_energised else "EVSE_NotReady"
    return {"DC_EVSEStatus": dc_status(facts, code)}


HANDLINGS = {"PowerDeliveryReq": Handling(_deliver, _status)}
