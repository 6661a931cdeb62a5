"""Which events of a transaction are here, and what they add up to. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from backend.authorization.verdict import Verdict
from backend.rating.money import RoundingPolicy
from backend.sessions.event import Increment, PresentedToken, SessionEvent
from backend.sessions.progress import Progress, advance

Key = tuple[int, str]
"""Station (primary key) and transaction id: transaction ids are unique per station only."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a transaction is told once or seldom."""

    evse_id: int | None = None
    connector_id: int | None = None
    remote_start_id: int | None = None
    token: PresentedToken | None = None
    authorized: bool = False
    auth_method: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ended_seq: int | None = None
    stopped_reason: str | None = None
    completed_at: datetime | None = None
    billing: str | None = None


class State(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction while events arrive.

    `progress` covers the events 0 .. next_seq - 1; `later` holds the numbers that are here beyond a gap.
    """

    ref: int
    tariff_ref: int | None
    rounding: RoundingPolicy
    next_seq: int = 0
    later: frozenset[int] = frozenset()
    progress: Progress = Progress()
    facts: Facts = Facts()


def present(state: State, seq_no: int) -> bool:
    """Tell whether an event of this number is here already."""
    return seq_no < state.next_seq or seq_no in state.later


def complete(state: State) -> bool:
    """Tell whether Ended is here and so is everything before it."""
    return state.facts.ended_seq is not None and state.next_seq > state.facts.ended_seq


def missing(state: State) -> list[int]:
    """Return the numbers that are not here although later ones are."""
    highest = max(state.later, default=state.next_seq - 1)
    return [seq_no for seq_no in range(state.next_seq, highest) if seq_no not in state.later]


def follow(state: State, event: SessionEvent, verdict: Verdict | None) -> State:
    """Take an event's facts, and its number as one that is here beyond the sums."""
    facts = _facts(state.facts, event, verdict)
    if event.seq_no != state.next_seq:
        return replace(state, later=state.later | {event.seq_no}, facts=facts)
    return state if facts is state.facts else replace(state, facts=facts)


def fold(state: State, event: Increment) -> State:
    """Add the event of number `next_seq` to the sums; what comes after Ended changes them no more."""
    ended_seq = state.facts.ended_seq
    return replace(
        state,
        next_seq=state.next_seq + 1,
        later=state.later - {state.next_seq} if state.later else state.later,
        progress=state.progress
        if ended_seq is not None and state.next_seq > ended_seq
        else advance(state.progress, event),
    )


def _facts(facts: Facts, event: SessionEvent, verdict: Verdict | None) -> Facts:
    if (
        event.event_type == "Updated"
        and verdict is None
        and event.remote_start_id is None
        and (event.evse_id is None or event.evse_id == facts.evse_id)
    ):
        return facts
    accepted = verdict is not None and verdict.status == "Accepted"
    takes_token = event.token is not None and (facts.token is None or (accepted and not facts.authorized))
    remote = event.remote_start_id if event.remote_start_id is not None else facts.remote_start_id
    is_start = event.event_type == "Started"
    is_end = event.event_type == "Ended" and (facts.ended_seq is None or event.seq_no < facts.ended_seq)
    return Facts(
        evse_id=event.evse_id if event.evse_id is not None else facts.evse_id,
        connector_id=event.connector_id if event.connector_id is not None else facts.connector_id,
        remote_start_id=remote,
        token=event.token if takes_token else facts.token,
        authorized=facts.authorized or accepted,
        auth_method=_auth_method(event, remote) if takes_token else facts.auth_method,
        started_at=event.at if is_start else facts.started_at,
        ended_at=event.at if is_end else facts.ended_at,
        ended_seq=event.seq_no if is_end else facts.ended_seq,
        stopped_reason=event.stopped_reason or facts.stopped_reason,
        completed_at=facts.completed_at,
        billing=facts.billing,
    )


def _auth_method(event: SessionEvent, remote_start_id: int | None) -> str:
    """Return the OCPI AuthMethod: what let the driver charge."""
    if remote_start_id is not None:
        return "COMMAND"
    return "WHITELIST" if event.offline else "AUTH_REQUEST"
