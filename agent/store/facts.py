"""Single facts that outlive the process: changed variables, and the reason of the next boot."""

from __future__ import annotations

import sqlite3


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
    connection.execute(
        "INSERT INTO fact (name, value) VALUES ('boot-reason', ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (reason,),
    )


def take_boot_reason(connection: sqlite3.Connection) -> str | None:
    """Return why the station restarted, once: a restart that nobody announced has no reason stored."""
    row = connection.execute("DELETE FROM fact WHERE name = 'boot-reason' RETURNING value").fetchone()
    return None if row is None else str(row[0])
