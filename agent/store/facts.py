"""Single facts that outlive the process: changed variables, the next boot's reason, others by name."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from agent.system.boot import LastRun

_STARTS: Final = "starts"
_BOOTS: Final = "boots"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """How often the agent has started on this state, and the machine under it."""

    starts: int
    boots: int


SPOKEN: Final = "spoken"
"""The version of OCPP that was spoken last."""


def load_variables(connection: sqlite3.Connection) -> dict[str, str]:
    """Return every variable that was changed on this station, by its full name."""
    return dict(connection.execute("SELECT name, value FROM variable").fetchall())


def save_variable(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Store a variable's value."""
    connection.execute(
        "INSERT INTO variable (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def set_boot_reason(connection: sqlite3.Connection, reason: str) -> None:
    """Store why the station is about to restart."""
    save(connection, "boot-reason", reason)


def begin_run(connection: sqlite3.Connection, boot_id: str) -> LastRun:
    """Note that the agent runs, on this start of the machine, and return what is known of the run before."""
    known = dict(connection.execute("SELECT name, value FROM fact").fetchall())
    counts = run_counts(connection)
    is_new_boot = not boot_id or known.get("boot-id") != boot_id
    save(connection, _STARTS, str(counts.starts + 1))
    save(connection, _BOOTS, str(counts.boots + is_new_boot))
    connection.execute("DELETE FROM fact WHERE name IN ('boot-reason', 'has-ended')")
    save(connection, "boot-id", boot_id)
    return LastRun(
        boot_id=known.get("boot-id"), has_ended="has-ended" in known, announced=known.get("boot-reason")
    )


def run_counts(connection: sqlite3.Connection) -> RunCounts:
    """Return how often agent and machine have started, this time included once the run has begun."""
    return RunCounts(
        starts=int(load(connection, _STARTS) or 0),
        boots=int(load(connection, _BOOTS) or 0),
    )


def end_run(connection: sqlite3.Connection) -> None:
    """Note that the agent has come to its end in order."""
    save(connection, "has-ended", "true")


def load(connection: sqlite3.Connection, name: str) -> str | None:
    """Return a fact, None if it was never stored."""
    row = connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def save(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Store a fact."""
    connection.execute(
        "INSERT INTO fact (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def forget(connection: sqlite3.Connection, name: str) -> None:
    """Forget a fact, if it is there."""
    connection.execute("DELETE FROM fact WHERE name = ?", (name,))
