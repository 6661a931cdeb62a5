"""CurrentDemand: charging goes on."""

from __future__ import annotations

from agent.iso15118.din.session import DinSession
from agent.iso15118.facts import Facts
from agent.iso15118.turns import Turn
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.loop import current_demand, least_of_demand
from agent.iso15118.v2g_message.session import Phase


def _demand(session: DinSession, asked: Asked, facts: Facts) -> Turn[DinSession]:
    """Nothing is negotiated anew in DIN 70121: an EVSE that wants to has to wait."""
    session, fields, orders = current_demand(session, asked, facts, may_renegotiate=False)
    return reply(session.goes_on(Phase.DC_LOOP), asked, fields, orders=orders)


def _least(_session: DinSession, _asked: Asked, facts: Facts) -> Fields:
    return least_of_demand(facts)


HANDLINGS = {"CurrentDemandReq": Handling(_demand, _least)}
