"""Moves recorded times when the clock is set: see docs/adr/0016.

Every event carries the line of its times: the start of the machine and the run of the agent in which it
happened, with a question mark if the time was not known then.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec

from agent.station.evse import EvseState
from agent.store import evses
from agent.system.clock import EARLIEST
from agent.transactions.records import TransactionEvent
from agent.transactions.timeline import shifted_event, shifted_transaction

Steps = Mapping[str, timedelta]


def retime(
    connection: sqlite3.Connection, line: str, boot: str, step: timedelta, booted_at: datetime | None
) -> dict[int, EvseState]:
    """Move what was recorded on this line by `step`; return the EVSE states that changed.

    With `booted_at`, the time is known now, and was not: what earlier runs of this start of the machine
    recorded moves as is due, for the monotonic clock went on; what earlier starts recorded without a clock is
    put as late as it can have happened, the last of it at the moment when the next start began.
    """
    steps, earlier = {line: step}, dict[str, timedelta]()
    if booted_at is not None:
        earlier = _estimates(connection, boot, booted_at)
        steps |= earlier | _exact(connection, boot, booted_at)
    beginnings = _move_events(connection, steps)
    _move_notices(connection, steps)
    if booted_at is not None:
        for table in ("outbox", "notice"):
            connection.execute(f"UPDATE {table} SET line = '' WHERE line LIKE '%?'")  # noqa: S608 - our names
    latest = next(iter(earlier.values()), timedelta())
    return _move_states(connection, beginnings, step, latest)


def _exact(connection: sqlite3.Connection, boot: str, booted_at: datetime) -> dict[str, timedelta]:
    """Return the steps of lines of unknown time from this start of the machine: their names say when."""
    rows = connection.execute(
        "SELECT line FROM outbox WHERE line LIKE ?1 UNION SELECT line FROM notice WHERE line LIKE ?1",
        (f"{boot}/%?",),
    )
    return {line: booted_at - _booted(line) for (line,) in rows}


def _booted(line: str) -> datetime:
    return datetime.fromtimestamp(int(line.rstrip("?").rpartition("/")[2]) / 1000, UTC)


def _estimates(connection: sqlite3.Connection, boot: str, booted_at: datetime) -> dict[str, timedelta]:
    """Return the steps of lines of unknown time from earlier starts of the machine, the latest first."""
    rows = connection.execute(
        "SELECT line, MIN(position), MAX(position) FROM outbox WHERE line LIKE '%?' AND line NOT LIKE ? "
        "GROUP BY line ORDER BY 2 DESC",
        (f"{boot}/%",),
    ).fetchall()
    steps: dict[str, timedelta] = {}
    for name, first, last in rows:
        steps[name] = booted_at - _at(connection, last)
        booted_at = _at(connection, first) + steps[name]
    return steps


def _at(connection: sqlite3.Connection, position: int) -> datetime:
    (stored,) = connection.execute("SELECT event FROM outbox WHERE position = ?", (position,)).fetchone()
    return msgspec.json.decode(stored, type=TransactionEvent).at


def _move_events(connection: sqlite3.Connection, steps: Steps) -> dict[str, timedelta]:
    """Move the events of transactions that were never told; return the step of each beginning."""
    beginnings: dict[str, timedelta] = {}
    rows = connection.execute(
        "SELECT position, transaction_id, event_no, line, event FROM outbox WHERE transaction_id IN "
        "(SELECT transaction_id FROM outbox WHERE event_no = 0 AND NOT is_offered)"
    ).fetchall()
    for position, transaction_id, event_no, line, stored in rows:
        step = steps.get(line, timedelta())
        if event_no == 0:
            beginnings[transaction_id] = step
        if step:
            moved = shifted_event(msgspec.json.decode(stored, type=TransactionEvent), step)
            connection.execute(
                "UPDATE outbox SET event = ? WHERE position = ?", (msgspec.json.encode(moved), position)
            )
    return beginnings


def _move_notices(connection: sqlite3.Connection, steps: Steps) -> None:
    """Move the member `at` of each record that has one."""
    for position, line, stored in connection.execute("SELECT position, line, record FROM notice").fetchall():
        record, step = json.loads(stored), steps.get(line, timedelta())
        if step and isinstance(record, dict) and "at" in record:
            record["at"] = (datetime.fromisoformat(record["at"]) + step).isoformat()
            connection.execute(
                "UPDATE notice SET record = ? WHERE position = ?", (json.dumps(record).encode(), position)
            )


def _move_states(
    connection: sqlite3.Connection, beginnings: Mapping[str, timedelta], step: timedelta, latest: timedelta
) -> dict[int, EvseState]:
    changed: dict[int, EvseState] = {}
    for (evse_id,) in connection.execute("SELECT evse_id FROM evse").fetchall():
        state = evses.load(connection, evse_id)
        moved = _moved(state, beginnings, step, latest)
        if moved != state:
            evses.save(connection, evse_id, moved)
            changed[evse_id] = moved
    return changed


def _moved(
    state: EvseState, beginnings: Mapping[str, timedelta], step: timedelta, latest: timedelta
) -> EvseState:
    """Return the state with its times moved; a transaction that was told keeps its own time."""
    transaction, driver = state.transaction, state.authorization
    if driver is not None:
        state = replace(state, authorization=replace(driver, granted_at=driver.granted_at + step))
    if transaction is None:
        return state
    register = transaction.register
    present = step or (latest if register is not None and register.at < EARLIEST else timedelta())
    moved = shifted_transaction(transaction, beginnings.get(transaction.id, timedelta()), present)
    if transaction.id not in beginnings:
        moved = replace(moved, behind=transaction.behind + present)
    return replace(state, transaction=moved)
