"""ChargingStatus: charging on alternating current goes on."""

from __future__ import annotations

from agent.iso15118.facts import Facts
from agent.iso15118.iso2.parameters import ac_status
from agent.iso15118.iso2.receipts import ask_for_receipt
from agent.iso15118.iso2.session import Iso2Session
from agent.iso15118.turns import Turn
from agent.iso15118.v2g_message.direct import refuse_emergency
from agent.iso15118.v2g_message.dispatch import Handling, Refused, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.physical import physical
from agent.iso15118.v2g_message.session import Phase


def _tell_status(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    refuse_emergency(facts)
    if facts.ac is None:
        raise Refused("FAILED", "the EVSE gives no alternating current")
    session, meter = ask_for_receipt(session, facts)
    fields = {**_least(session, asked, facts), **meter}
    fields["AC_EVSEStatus"] = ac_status(facts, may_renegotiate=True)
    if session.identification == "EIM":  # with a contract, limits change by negotiating anew
        fields["EVSEMaxCurrent"] = physical(facts.ac.most_a, "A")
    phase = Phase.AC_RECEIPT if meter["ReceiptRequired"] else Phase.AC_LOOP
    return reply(session.goes_on(phase), asked, fields)


def _least(session: Iso2Session, _asked: Asked, facts: Facts) -> Fields:
    return {
        "EVSEID": session.charger.evse_id,
        "SAScheduleTupleID": session.chosen.id if session.chosen is not None else 1,
        "AC_EVSEStatus": ac_status(facts),
    }


HANDLINGS = {"ChargingStatusReq": Handling(_tell_status, _least)}
