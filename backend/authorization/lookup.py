"""Look identifiers up, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select

from backend.authorization.verdict import Token, Verdict, judge, key_of
from backend.db.tables import remote_starts, tokens

REMOTE_START_HOLDS = timedelta(minutes=15)
"""How long an identifier that the operator sent to a station is accepted from that station."""

Question = tuple[int, str, str]
"""Station (primary key), identifier, IdTokenEnumType."""


def look_up(
    db: Connection, questions: Collection[Question], now: datetime, cache_for: timedelta
) -> dict[Question, Verdict]:
    """Judge every identifier that stations ask about."""
    keys = {key_of(identifier, kind) for _, identifier, kind in questions}
    found = _tokens(db, keys)
    started = _remotely_started(db, questions, now)
    return {
        question: judge(
            question[2],
            tuple(found.get(key_of(question[1], question[2]), ())),
            now,
            cache_for,
            remotely_started=(question[0], key_of(question[1], question[2]), question[2]) in started,
        )
        for question in questions
    }


def _tokens(db: Connection, keys: Collection[str]) -> dict[str, list[Token]]:
    found: dict[str, list[Token]] = defaultdict(list)
    for row in db.execute(select(tokens).where(tokens.c.uid_key.in_(keys))):
        found[row.uid_key].append(
            Token(
                type=row.type,
                contract_id=row.contract_id,
                group_id=row.group_id,
                valid=row.valid,
                blocked=row.blocked,
                whitelist=row.whitelist,
                expires_at=row.expires_at,
            )
        )
    return found


def _remotely_started(db: Connection, questions: Collection[Question], now: datetime) -> set[Question]:
    stations = {station for station, _, _ in questions}
    started = db.execute(
        select(remote_starts.c.station_id, remote_starts.c.id_token, remote_starts.c.id_token_type).where(
            remote_starts.c.station_id.in_(stations),
            remote_starts.c.requested_at > now - REMOTE_START_HOLDS,
            or_(remote_starts.c.status.is_(None), remote_starts.c.status != "Rejected"),
        )
    )
    return {(station, key_of(identifier, kind), kind) for station, identifier, kind in started}
