"""SessionStop: the session is over, or rests."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agent.iso15118.facts import Facts
from agent.iso15118.iso2.services import modes
from agent.iso15118.iso2.session import Iso2Session, Kept
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Deed, Turn
from agent.iso15118.v2g_message.dispatch import Handling, nothing, reply
from agent.iso15118.v2g_message.envelope import Asked
from agent.iso15118.v2g_message.power import switch_off
from agent.iso15118.v2g_message.session import Phase

_MAY_PAUSE: Final = (Phase.AC_STOP, Phase.DC_STOP)


def _stop(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    """The power goes off first: it is on where a vehicle negotiates anew, and after PreCharge."""
    wants_pause = asked.body["ChargingSession"] == "Pause"
    if wants_pause and session.phase not in _MAY_PAUSE:
        raise Refused("FAILED", "a pause is possible once charging has been stopped")
    if session.is_energised or session.phase is Phase.DC_START:
        switched = switch_off(session, facts)
        if isinstance(switched, Deed):
            return switched
        session = switched
    session = session.goes_on(Phase.ENDED)
    rests = _kept(session) if wants_pause else None
    if rests is None:
        return reply(session, asked, {}, ending="terminate")
    return reply(replace(session, rests=rests), asked, {}, ending="pause")


def _kept(session: Iso2Session) -> Kept | None:
    """Return what is kept; nothing where the vehicle has stopped before it chose a schedule."""
    if session.identification is None or session.mode is None or session.chosen is None:
        return None
    return Kept(
        identification=session.identification,
        modes=modes(session),
        mode=session.mode,
        schedule=session.chosen,
    )


HANDLINGS = {"SessionStopReq": Handling(_stop, nothing)}
