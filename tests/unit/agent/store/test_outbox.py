from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.store import outbox
from agent.store.database import Database
from agent.transactions.records import Token, TransactionEvent

EVENT = TransactionEvent(
    kind="Started",
    trigger="Authorized",
    at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    transaction_id="tx-1",
    seq_no=0,
    evse_id=1,
    connector_id=1,
    offline=False,
    charging_state="EVConnected",
)


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A state file as the agent makes it."""
    database = Database(tmp_path / "agent.db")
    await database.open()
    await database.close()
    return tmp_path / "agent.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


def add(connection: sqlite3.Connection, *events: TransactionEvent) -> None:
    for event in events:
        outbox.add(connection, f"{event.transaction_id}/{event.seq_no}", event)


def test_events_come_out_in_the_order_of_writing_until_they_are_delivered(
    connection: sqlite3.Connection,
) -> None:
    """E12.FR.01."""
    add(connection, EVENT, replace(EVENT, transaction_id="tx-2"), replace(EVENT, seq_no=1, kind="Ended"))
    came: list[tuple[str, int]] = []
    while (pending := outbox.first(connection)) is not None:
        came.append((pending.event.transaction_id, pending.event.seq_no))
        outbox.delivered(connection, pending)
    assert came == [("tx-1", 0), ("tx-2", 0), ("tx-1", 1)]


def test_a_message_keeps_its_id_over_attempts(connection: sqlite3.Connection) -> None:
    add(connection, EVENT)
    first = outbox.first(connection)
    assert first is not None
    assert outbox.failed(connection, first.position) == 1
    assert outbox.failed(connection, first.position) == 2
    again = outbox.first(connection)
    assert again is not None
    assert (again.message_id, again.attempts, again.event) == (first.message_id, 2, EVENT)


def test_the_same_event_cannot_be_written_twice(connection: sqlite3.Connection) -> None:
    add(connection, EVENT)
    with pytest.raises(sqlite3.IntegrityError):
        outbox.add(connection, "another message", EVENT)


def test_an_event_that_is_set_aside_holds_up_no_other(connection: sqlite3.Connection) -> None:
    """E13.FR.04."""
    add(connection, EVENT, replace(EVENT, seq_no=1))
    first = outbox.first(connection)
    assert first is not None
    outbox.set_aside(connection, first.position, "refused")
    following = outbox.first(connection)
    assert following is not None
    assert following.event.seq_no == 1
    assert outbox.count(connection) == (1, 1)


def test_transactions_that_rest_are_passed_over(connection: sqlite3.Connection) -> None:
    add(connection, EVENT, replace(EVENT, seq_no=1), replace(EVENT, transaction_id="tx-2"))
    pending = outbox.first(connection, {"tx-1"})
    assert pending is not None
    assert pending.event.transaction_id == "tx-2"
    assert outbox.first(connection, {"tx-1", "tx-2"}) is None


def test_what_waits_when_the_link_is_lost_happened_offline(connection: sqlite3.Connection) -> None:
    """E11.FR.07; a token that looks like the member is left alone."""
    nasty = Token(id='x","offline":false', type="ISO14443")
    add(connection, replace(EVENT, token=nasty))
    outbox.mark_offline(connection)
    pending = outbox.first(connection)
    assert pending is not None
    assert pending.event == replace(EVENT, token=nasty, offline=True)


def test_an_event_that_cannot_be_read_is_pointed_at(connection: sqlite3.Connection) -> None:
    add(connection, EVENT)
    connection.execute('UPDATE outbox SET event = \'{"kind":"Nonsense"}\'')
    with pytest.raises(outbox.UnreadableEvent, match="position 1") as found:
        outbox.first(connection)
    assert found.value.position == 1
