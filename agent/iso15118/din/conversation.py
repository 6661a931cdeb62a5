"""DIN 70121 as the server speaks it."""

from __future__ import annotations

from typing import Final

from agent.iso15118.conversation import Chance, Link, Resting
from agent.iso15118.din import delivery, demand, ending, parameters, services, setup, strangers
from agent.iso15118.din.session import DinSession
from agent.iso15118.din.states import POSSIBLE
from agent.iso15118.facts import Charger, Facts
from agent.iso15118.turns import Answer, Request, Turn
from agent.iso15118.v2g_message import direct, dispatch, envelope
from agent.iso15118.v2g_message.dispatch import Handling
from agent.iso15118.v2gtp import Frame

HANDLINGS: Final[dict[str, Handling[DinSession]]] = {
    **setup.HANDLINGS,
    **services.HANDLINGS,
    **parameters.HANDLINGS,
    **direct.handlings(DinSession),
    **delivery.HANDLINGS,
    **demand.HANDLINGS,
    **ending.HANDLINGS,
    **strangers.HANDLINGS,
}
"""Every request that there is."""


class Din:
    """DIN 70121 (2014); see `agent.iso15118.conversation.Conversation`."""

    name = "DIN 70121"
    namespace = "urn:din:70121:2012:MsgDef"
    version = (2, 0)

    def begin(self, charger: Charger, link: Link, _resting: Resting | None, chance: Chance) -> DinSession:
        """Return the state in which SessionSetupReq is waited for; no session is joined again."""
        return DinSession(charger=charger, link=link, chance=chance)

    def read(self, frame: Frame) -> Request:
        """Return the request in a frame; raises CannotDecode if there is none."""
        return envelope.read(frame, "din")

    def step(self, state: DinSession, request: Request, facts: Facts) -> Turn[DinSession]:
        """Return the answer, or the deed that must be done before."""
        return dispatch.step(state, envelope.opened(request), facts, HANDLINGS, POSSIBLE)

    def refuse(self, _state: DinSession, _why: str) -> Answer[DinSession] | None:
        """Return None: a response answers a request, and here is none."""
        return None

    def rest(self, _state: DinSession) -> Resting:
        """Never asked for: no session of DIN 70121 ends in a pause."""
        raise AssertionError("DIN 70121 has no pause")
