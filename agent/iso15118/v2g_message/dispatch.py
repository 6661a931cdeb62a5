"""Who answers which request when, and what a refusal looks like.

A request of another session, or one that is not waited for, is refused, and so is what raises `Refused`. A
refusal is the response that belongs to the request, with the least that it must hold, and ends the session:
the power goes off (V2G2-034, V2G2-460, V2G2-538, V2G2-539, V2G2-736).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from agent.iso15118.facts import Facts
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Answer, Ending, Order, Turn
from agent.iso15118.v2g_message.envelope import Asked, Fields, response
from agent.iso15118.v2g_message.session import Phase, Session
from agent.iso15118.v2g_message.supply import limited

S = TypeVar("S", bound=Session)
Possible = Mapping[Phase, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Handling(Generic[S]):
    """How one kind of request is answered, and the least that a response to it must hold."""

    answer: Callable[[S, Asked, Facts], Turn[S]]
    least: Callable[[S, Asked, Facts], Fields]


def step(
    session: S,
    asked: Asked,
    facts: Facts,
    handlings: Mapping[str, Handling[S]],
    possible: Possible,
) -> Turn[S]:
    """Return the answer to a request, or the deed that must be done before."""
    handling, facts = handlings[asked.name], limited(facts)
    try:
        _check(session, asked, possible)
        return handling.answer(session, asked, facts)
    except Refused as refused:
        return Answer(
            state=replace(session, phase=Phase.ENDED),
            response=response(
                session.schema_name,
                session.session_id,
                asked.response,
                refused.code,
                handling.least(session, asked, facts),
            ),
            ending="error",
            why=f"{asked.name}: {refused.why}",
        )


def reply(
    session: S,
    asked: Asked,
    fields: Fields,
    *,
    code: str = "OK",
    orders: tuple[Order, ...] = (),
    ending: Ending | None = None,
) -> Answer[S]:
    """Return the answer to a request that was understood; `session` is the one after it."""
    return Answer(
        state=session,
        response=response(session.schema_name, session.session_id, asked.response, code, fields),
        orders=orders,
        ending=ending,
    )


def nothing(_session: Session, _asked: Asked, _facts: Facts) -> Fields:
    """Return what a response must hold that needs nothing but its code."""
    return {}


def _check(session: Session, asked: Asked, possible: Possible) -> None:
    has_begun = session.phase is not Phase.SETUP and asked.name != "SessionSetupReq"
    if has_begun and asked.session_id != session.session_id:
        raise Refused(
            "FAILED_UnknownSession", f"session {asked.session_id.hex()}, this is {session.session_id.hex()}"
        )
    if asked.name not in possible[session.phase]:
        raise Refused("FAILED_SequenceError", f"{session.phase.value} is waited for")
