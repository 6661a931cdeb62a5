"""Answers to requests, and refusals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.messages import Fields, least, payload_type_of, response_to, schema_of
from agent.iso15118.iso20.session import Session
from agent.iso15118.iso20.states import Phase
from agent.iso15118.refused import Refused
from agent.iso15118.turns import SEQUENCE_S, Answer, Ending, Order, Request, Response


def reply(
    session: Session,
    request: Request,
    fields: Fields,
    *,
    code: str = "OK",
    orders: tuple[Order, ...] = (),
    ending: Ending | None = None,
    why: str = "",
    next_within_s: float = SEQUENCE_S,
) -> Answer[Session]:
    """Return the answer to a request."""
    return Answer(
        state=session,
        response=response(session, request.payload_type, request.name, code, fields),
        orders=orders,
        ending=ending,
        why=why,
        next_within_s=next_within_s,
    )


def response(session: Session, payload_type: int, name: str, code: str, fields: Fields) -> Response:
    """Return the response to a request of this name."""
    schema = schema_of(session.kind, payload_type)
    assert schema is not None  # what came by another type was not read
    header: dict[str, Any] = {"SessionID": session.session_id, "TimeStamp": session.at_s}
    return Response(
        payload_type=payload_type,
        schema=schema,
        name=response_to(name),
        message={"Header": header, "ResponseCode": code, **fields},
    )


def refusal(session: Session, request: Request, refused: Refused) -> Answer[Session]:
    """Return the last answer of a session that ends here: the code, and the least that must be with it."""
    return reply(
        replace(session, phase=Phase.OVER),
        request,
        least(session, request.name),
        code=refused.code,
        ending="error",
        why=f"{request.name}: {refused.why}",
    )


def unread(session: Session, name: str, why: str) -> Answer[Session]:
    """Return the last answer of a session in which a request of this name was waited for, and none came."""
    payload_type = payload_type_of(session.kind, name)
    return Answer(
        state=replace(session, phase=Phase.OVER),
        response=response(session, payload_type, name, "FAILED", least(session, name)),
        ending="error",
        why=why,
    )


def waits_too_long(session: Session, facts: Facts, most_s: float) -> bool:
    """Return whether the phase has been going on for longer than a vehicle would wait."""
    return facts.now_s - session.since_s > most_s
