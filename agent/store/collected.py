"""Meter values that are told with the end of a transaction: one row each, thinned evenly if they are many."""

from __future__ import annotations

import sqlite3

import msgspec

from agent.transactions.records import Sample

SCHEMA = """CREATE TABLE collected_sample (
    position INTEGER PRIMARY KEY,
    transaction_id TEXT NOT NULL,
    at_s REAL NOT NULL,
    sample BLOB NOT NULL
);
"""


def add(connection: sqlite3.Connection, transaction_id: str, sample: Sample, most_bytes: int) -> None:
    """Keep a sample; of too many (`most_bytes` in all) those nearest to both their neighbours in time go.

    What is left is spread evenly over the transaction.
    """
    connection.execute(
        "INSERT INTO collected_sample (transaction_id, at_s, sample) VALUES (?, ?, ?)",
        (transaction_id, sample.at.timestamp(), msgspec.json.encode(sample)),
    )
    while _taken(connection, transaction_id) > most_bytes:
        gone = connection.execute(
            "DELETE FROM collected_sample WHERE position = (SELECT position FROM (SELECT position, "
            "LEAD(at_s) OVER line - LAG(at_s) OVER line AS gap FROM collected_sample "
            "WHERE transaction_id = ? WINDOW line AS (ORDER BY position)) "
            "WHERE gap IS NOT NULL ORDER BY gap, position LIMIT 1)",
            (transaction_id,),
        ).rowcount
        if not gone:
            return


def _taken(connection: sqlite3.Connection, transaction_id: str) -> int:
    (taken,) = connection.execute(
        "SELECT SUM(LENGTH(sample)) FROM collected_sample WHERE transaction_id = ?", (transaction_id,)
    ).fetchone()
    return int(taken or 0)


def load(connection: sqlite3.Connection, transaction_id: str) -> tuple[Sample, ...]:
    """Return the samples of a transaction as they were taken; what cannot be read is left out."""
    rows = connection.execute(
        "SELECT sample FROM collected_sample WHERE transaction_id = ? ORDER BY position", (transaction_id,)
    )
    samples = []
    for (stored,) in rows:
        try:
            samples.append(msgspec.json.decode(stored, type=Sample))
        except msgspec.DecodeError:
            continue
    return tuple(samples)


def forget(connection: sqlite3.Connection, transaction_id: str) -> None:
    """Forget the samples of a transaction."""
    connection.execute("DELETE FROM collected_sample WHERE transaction_id = ?", (transaction_id,))
