"""The local authorization list: one row a token, and its version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import msgspec

from agent.authorization.verdicts import Verdict
from agent.store import tokens
from agent.store.database import StoreError
from agent.transactions.records import Token, TokenType


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A token and what it may; None takes it out of the list."""

    token: Token
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How much is stored."""

    version: int = 0
    entries: int = 0
    size_bytes: int = 0


class ListFull(Exception):
    """There is no room for the list; nothing was changed."""


def figures(connection: sqlite3.Connection) -> Figures:
    """Return how much is stored."""
    entries, size_bytes = connection.execute(
        "SELECT COUNT(*), TOTAL(LENGTH(type) + LENGTH(id) + LENGTH(verdict)) FROM local_list"
    ).fetchone()
    row = connection.execute("SELECT value FROM fact WHERE name = 'local-list-version'").fetchone()
    return Figures(version=0 if row is None else int(row[0]), entries=entries, size_bytes=int(size_bytes))


def find(connection: sqlite3.Connection, token: Token) -> Verdict | None:
    """Return what the list says of a token; identifiers compare without case.

    Raises:
        StoreError: If what is stored makes no sense.
    """
    row = connection.execute(
        f"SELECT verdict FROM local_list WHERE {tokens.IS_SAME} {tokens.EXACT_FIRST} LIMIT 1",  # noqa: S608 - fixed texts
        tokens.named(token),
    ).fetchone()
    return None if row is None else _verdict(row[0])


def everything(connection: sqlite3.Connection) -> list[Entry]:
    """Return all entries, by id.

    Raises:
        StoreError: If what is stored makes no sense.
    """
    rows = connection.execute("SELECT type, shown, verdict FROM local_list ORDER BY id, type").fetchall()
    return [
        Entry(token=Token(id=shown, type=cast("TokenType", kind)), verdict=_verdict(stored))
        for kind, shown, stored in rows
    ]


def change(
    connection: sqlite3.Connection,
    version: int,
    entries: Iterable[Entry],
    *,
    is_full: bool,
    most_entries: int,
    most_bytes: int,
) -> Figures:
    """Replace the list, or change these entries of it, and return how much is stored then.

    Raises:
        ListFull: If that is too much.
    """
    if is_full:
        connection.execute("DELETE FROM local_list")
    for entry in entries:
        _put(connection, entry)
    connection.execute(
        "INSERT INTO fact (name, value) VALUES ('local-list-version', ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (str(version),),
    )
    after = figures(connection)
    if after.entries > most_entries or after.size_bytes > most_bytes:
        raise ListFull(f"at most {most_entries} entries and {most_bytes} bytes are stored")
    return after


def _put(connection: sqlite3.Connection, entry: Entry) -> None:
    name = tokens.named(entry.token)
    connection.execute(f"DELETE FROM local_list WHERE {tokens.IS_SAME}", name)  # noqa: S608 - fixed texts
    if entry.verdict is not None:
        connection.execute(
            "INSERT INTO local_list (type, id, shown, verdict) VALUES (:type, :id, :shown, :verdict)",
            {**name, "shown": entry.token.id, "verdict": msgspec.json.encode(entry.verdict)},
        )


def _verdict(stored: bytes) -> Verdict:
    try:
        return msgspec.json.decode(stored, type=Verdict)
    except msgspec.DecodeError as error:
        raise StoreError(
            f"an entry of the local authorization list cannot be read ({error}); have the backend send the "
            "full list again"
        ) from error
