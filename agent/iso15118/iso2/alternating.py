"""ChargingStatus: charging on alternating current goes on.

A vehicle that pays by card is told how much it may draw with each answer. With a contract it keeps to its
schedule: where that does not fit any more, it is asked to choose anew, and told the current until it has.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agent.iso15118.facts import Facts
from agent.iso15118.iso2.parameters import ac_status, power_now
from agent.iso15118.iso2.receipts import ask_for_receipt
from agent.iso15118.iso2.session import Iso2Session
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Turn
from agent.iso15118.v2g_message.direct import refuse_emergency
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.physical import physical
from agent.iso15118.v2g_message.session import Phase

MORE_AFTER_S: Final = 60.0
"""How long a vehicle is left alone with its schedule before it is offered more."""


def _tell_status(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    refuse_emergency(facts)
    ac = facts.ac
    if ac is None:
        raise Refused("FAILED", "the EVSE gives no alternating current")
    has_contract = session.identification == "contract"
    has_less, has_more = _is_outdated(session, facts)
    if has_contract and (has_less or has_more) and facts.wish != "stop":
        facts = replace(facts, wish="renegotiate")
    session, meter = ask_for_receipt(session, facts)
    fields = {**_least(session, asked, facts), **meter}
    fields["AC_EVSEStatus"] = ac_status(facts, may_renegotiate=True)
    if has_less or not has_contract:
        fields["EVSEMaxCurrent"] = physical(ac.most_a, "A")
    phase = Phase.AC_RECEIPT if meter["ReceiptRequired"] else Phase.AC_LOOP
    return reply(session.goes_on(phase), asked, fields)


def _is_outdated(session: Iso2Session, facts: Facts) -> tuple[bool, bool]:
    """Return whether there is less now than the schedule allows, and whether it is time for more."""
    chosen = session.chosen
    assert chosen is not None  # nobody charges who has not chosen
    agreed_w, now_w = chosen.at(facts.now), power_now(session, facts)
    could_be_more = chosen.planned_w is not None or chosen.offer_id is None
    is_old = facts.now_s - session.agreed_s >= MORE_AFTER_S
    return now_w < agreed_w, could_be_more and is_old and now_w > agreed_w


def _least(session: Iso2Session, _asked: Asked, facts: Facts) -> Fields:
    return {
        "EVSEID": session.charger.evse_id,
        "SAScheduleTupleID": session.chosen.id if session.chosen is not None else 1,
        "AC_EVSEStatus": ac_status(facts),
    }


HANDLINGS = {"ChargingStatusReq": Handling(_tell_status, _least)}
