"""CurrentDemand: charging on direct current goes on."""

from __future__ import annotations

from agent.iso15118.facts import Facts
from agent.iso15118.iso2.receipts import ask_for_receipt
from agent.iso15118.iso2.session import Iso2Session
from agent.iso15118.turns import Turn
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.loop import current_demand, least_of_demand
from agent.iso15118.v2g_message.session import Phase


def _demand(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    session, fields, orders = current_demand(session, asked, facts, may_renegotiate=True)
    session, meter = ask_for_receipt(session, facts)
    phase = Phase.DC_RECEIPT if meter["ReceiptRequired"] else Phase.DC_LOOP
    fields = {**fields, **_own(session), **meter}
    return reply(session.goes_on(phase), asked, fields, orders=orders)


def _own(session: Iso2Session) -> Fields:
    return {
        "EVSEID": session.charger.evse_id,
        "SAScheduleTupleID": session.chosen.id if session.chosen is not None else 1,
    }


def _least(session: Iso2Session, _asked: Asked, facts: Facts) -> Fields:
    return {**least_of_demand(facts), **_own(session)}


HANDLINGS = {"CurrentDemandReq": Handling(_demand, _least)}
