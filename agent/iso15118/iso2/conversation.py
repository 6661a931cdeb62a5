"""ISO 15118-2 as the server speaks it."""

from __future__ import annotations

from typing import Final

from agent.iso15118.conversation import Chance, Link, Resting
from agent.iso15118.facts import Charger, Facts
from agent.iso15118.iso2 import (
    alternating,
    authorization,
    contract,
    delivery,
    direct,
    ending,
    installation,
    parameters,
    receipts,
    services,
    setup,
)
from agent.iso15118.iso2.session import Iso2Session, Kept
from agent.iso15118.iso2.states import POSSIBLE
from agent.iso15118.turns import Answer, Request, Turn
from agent.iso15118.v2g_message import direct as any_direct
from agent.iso15118.v2g_message import dispatch, envelope
from agent.iso15118.v2g_message.dispatch import Handling
from agent.iso15118.v2gtp import Frame

HANDLINGS: Final[dict[str, Handling[Iso2Session]]] = {
    **setup.HANDLINGS,
    **services.HANDLINGS,
    **contract.HANDLINGS,
    **installation.HANDLINGS,
    **authorization.HANDLINGS,
    **parameters.HANDLINGS,
    **delivery.HANDLINGS,
    **alternating.HANDLINGS,
    **any_direct.handlings(Iso2Session),
    **direct.HANDLINGS,
    **receipts.HANDLINGS,
    **ending.HANDLINGS,
}
"""Every request that there is."""


class Iso2:
    """ISO 15118-2 (2014); see `agent.iso15118.conversation.Conversation`."""

    name = "ISO 15118-2"
    namespace = installation.NAMESPACE
    version = (2, 0)

    def begin(self, charger: Charger, link: Link, resting: Resting | None, chance: Chance) -> Iso2Session:
        """Return the state in which SessionSetupReq is waited for."""
        session = Iso2Session(charger=charger, link=link, chance=chance)
        if resting is None or resting.protocol != self.name or not isinstance(resting.kept, Kept):
            return session
        return Iso2Session(
            charger=charger, link=link, chance=chance, session_id=resting.session_id, kept=resting.kept
        )

    def read(self, frame: Frame) -> Request:
        """Return the request in a frame; raises CannotDecode if there is none."""
        return envelope.read(frame, "iso2")

    def step(self, state: Iso2Session, request: Request, facts: Facts) -> Turn[Iso2Session]:
        """Return the answer, or the deed that must be done before."""
        return dispatch.step(state, envelope.opened(request), facts, HANDLINGS, POSSIBLE)

    def refuse(self, _state: Iso2Session, _why: str) -> Answer[Iso2Session] | None:
        """Return None: a response answers a request, and here is none."""
        return None

    def rest(self, state: Iso2Session) -> Resting:
        """Return what is to be kept of a session that ended in a pause."""
        return Resting(protocol=self.name, session_id=state.session_id, kept=state.rests)
