"""SessionStop: the session is over."""

from __future__ import annotations

from agent.iso15118.din.session import DinSession
from agent.iso15118.facts import Facts
from agent.iso15118.turns import Deed, Turn
from agent.iso15118.v2g_message.dispatch import Handling, nothing, reply
from agent.iso15118.v2g_message.envelope import Asked
from agent.iso15118.v2g_message.power import switch_off
from agent.iso15118.v2g_message.session import Phase


def _stop(session: DinSession, asked: Asked, facts: Facts) -> Turn[DinSession]:
    """After PreCharge there is voltage at the outlet: it goes first."""
    if session.phase is Phase.DC_START:
        switched = switch_off(session, facts)
        if isinstance(switched, Deed):
            return switched
        session = switched
    return reply(session.goes_on(Phase.ENDED), asked, {}, ending="terminate")


HANDLINGS = {"SessionStopReq": Handling(_stop, nothing)}
