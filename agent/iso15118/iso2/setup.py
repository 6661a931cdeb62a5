"""SessionSetup: a session begins, or goes on after a pause."""

from __future__ import annotations

from dataclasses import replace

from agent.iso15118.facts import Facts
from agent.iso15118.iso2.session import Iso2Session, seconds
from agent.iso15118.turns import Introduce, Turn
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.session import Phase


def _set_up(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    """A vehicle with the id of the session that rests joins it, any other gets a new one (V2G2-756)."""
    joins = session.kept is not None and asked.session_id == session.session_id
    code = "OK_OldSessionJoined" if joins else "OK_NewSessionEstablished"
    if not joins:
        session = replace(session, kept=None, session_id=session.chance.session_id)
    evcc_id = asked.body["EVCCID"]
    return reply(
        session.goes_on(Phase.DISCOVERY),
        asked,
        _fields(session, facts),
        code=code,
        orders=(Introduce(evcc_id.hex().upper()),) if evcc_id else (),
    )


def _fields(session: Iso2Session, facts: Facts) -> Fields:
    fields: Fields = {"EVSEID": session.charger.evse_id}
    return {**fields, "EVSETimeStamp": seconds(facts.now)} if facts.clock_is_trusted else fields


def _least(session: Iso2Session, _asked: Asked, _facts: Facts) -> Fields:
    return {"EVSEID": session.charger.evse_id}


HANDLINGS = {"SessionSetupReq": Handling(_set_up, _least)}
