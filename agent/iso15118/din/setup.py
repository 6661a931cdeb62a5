"""SessionSetup: a session begins. None is joined again: DIN 70121 has no pause."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agent.iso15118.din.session import DinSession
from agent.iso15118.facts import Facts
from agent.iso15118.turns import Introduce, Turn
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.session import Phase

_NO_ID: Final = b"\0"
"""What is sent where there is no id that can be told (DIN 70121, table 30)."""
_DIGITS: Final = str.maketrans("*", "A", "+")
_LONGEST: Final = 32


def evse_id(text: str) -> bytes:
    """Return an EVSEID of DIN 91286 as it is sent: four bits for a digit, A for the star, F at the end."""
    digits = text.translate(_DIGITS)
    if not digits.replace("A", "").isdecimal() or not digits.isascii() or len(digits) > 2 * _LONGEST:
        return _NO_ID
    return bytes.fromhex(digits if len(digits) % 2 == 0 else f"{digits}F")


def _set_up(session: DinSession, asked: Asked, facts: Facts) -> Turn[DinSession]:
    """Whatever id it comes with, a vehicle gets a new one (V2G-DC-393)."""
    session = replace(session, session_id=session.chance.session_id)
    evcc_id = asked.body["EVCCID"]
    return reply(
        session.goes_on(Phase.DISCOVERY),
        asked,
        _fields(session, facts),
        code="OK_NewSessionEstablished",
        orders=(Introduce(evcc_id.hex().upper()),) if evcc_id else (),
    )


def _fields(session: DinSession, facts: Facts) -> Fields:
    fields: Fields = {"EVSEID": evse_id(session.charger.evse_id)}
    return {**fields, "DateTimeNow": int(facts.now.timestamp())} if facts.clock_is_trusted else fields


def _least(session: DinSession, _asked: Asked, _facts: Facts) -> Fields:
    return {"EVSEID": evse_id(session.charger.evse_id)}


HANDLINGS = {"SessionSetupReq": Handling(_set_up, _least)}
