"""The authorization cache: one row a token."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import msgspec

from agent.authorization.verdicts import Verdict
from agent.store import tokens
from agent.transactions.records import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Cached:
    """What the backend said, and when (seconds since 1970) it last said so and the entry was last used."""

    verdict: Verdict
    updated_s: float
    used_s: float


def encoded(verdict: Verdict) -> bytes:
    """Return a verdict as it is stored."""
    return msgspec.json.encode(verdict)


def find(connection: sqlite3.Connection, token: Token) -> Cached | None:
    """Return the entry of a token; one that cannot be read is none: the backend can be asked again."""
    row = connection.execute(
        f"SELECT verdict, updated_s, used_s FROM token_cache "  # noqa: S608 - fixed texts
        f"WHERE {tokens.IS_SAME} {tokens.EXACT_FIRST} LIMIT 1",
        tokens.named(token),
    ).fetchone()
    if row is None:
        return None
    try:
        verdict = msgspec.json.decode(row[0], type=Verdict)
    except msgspec.DecodeError:
        return None
    return Cached(verdict=verdict, updated_s=row[1], used_s=row[2])


def save(
    connection: sqlite3.Connection, token: Token, verdict: Verdict, now_s: float, most_bytes: int
) -> int:
    """Store an entry, make room for it, and return how many bytes are stored then (C10.FR.07).

    What makes room is first any entry that lets nobody charge, then the one that was not used for longest;
    never the new one.
    """
    expires_s = None if verdict.expires_at is None else verdict.expires_at.timestamp()
    name = tokens.named(token)
    connection.execute(f"DELETE FROM token_cache WHERE {tokens.IS_SAME}", name)  # noqa: S608 - fixed texts
    connection.execute(
        "INSERT INTO token_cache (type, id, verdict, is_accepted, expires_s, updated_s, used_s) "
        "VALUES (:type, :id, :verdict, :is_accepted, :expires_s, :now_s, :now_s)",
        {
            **name,
            "verdict": encoded(verdict),
            "is_accepted": verdict.is_accepted,
            "expires_s": expires_s,
            "now_s": now_s,
        },
    )
    while (stored_bytes := size_bytes(connection)) > most_bytes:
        victim = connection.execute(
            "DELETE FROM token_cache WHERE (type, id) = ("
            "SELECT type, id FROM token_cache WHERE (type, id) <> (:type, :id) "
            "ORDER BY is_accepted AND (expires_s IS NULL OR expires_s > :now_s), used_s LIMIT 1) "
            "RETURNING id",
            {**name, "now_s": now_s},
        ).fetchone()
        if victim is None:
            break
    return stored_bytes


def note_use(connection: sqlite3.Connection, token: Token, now_s: float) -> None:
    """Store when an entry was used."""
    connection.execute(
        f"UPDATE token_cache SET used_s = :now_s WHERE {tokens.IS_SAME}",  # noqa: S608 - fixed texts
        {**tokens.named(token), "now_s": now_s},
    )


def note_update(connection: sqlite3.Connection, token: Token, now_s: float) -> None:
    """Store when the backend said the same again, which is a use too."""
    connection.execute(
        f"UPDATE token_cache SET updated_s = :now_s, used_s = :now_s WHERE {tokens.IS_SAME}",  # noqa: S608 - fixed texts
        {**tokens.named(token), "now_s": now_s},
    )


def forget(connection: sqlite3.Connection, number: str, kind: str | None) -> int:
    """Forget the tokens of this number, of one type or of any, and return how many bytes are stored then."""
    connection.execute(
        "DELETE FROM token_cache WHERE id = ?1 AND (?2 IS NULL OR type = ?2)", (number.casefold(), kind)
    )
    return size_bytes(connection)


def clear(connection: sqlite3.Connection) -> None:
    """Forget all entries."""
    connection.execute("DELETE FROM token_cache")


def size_bytes(connection: sqlite3.Connection) -> int:
    """Return how many bytes the entries hold."""
    (found,) = connection.execute(
        "SELECT TOTAL(LENGTH(type) + LENGTH(id) + LENGTH(verdict)) FROM token_cache"
    ).fetchone()
    return int(found)
