"""Payments that are not over, one row each."""

from __future__ import annotations

import logging
import sqlite3

import msgspec

from agent.payments.records import Payment

log = logging.getLogger(__name__)

SCHEMA = """CREATE TABLE payment (psp_ref TEXT PRIMARY KEY, payment BLOB NOT NULL);
"""


def load(connection: sqlite3.Connection) -> dict[str, Payment]:
    """Return every payment; one that cannot be read is left out: the provider still has it."""
    found = {}
    for psp_ref, stored in connection.execute("SELECT psp_ref, payment FROM payment"):
        try:
            found[psp_ref] = msgspec.json.decode(stored, type=Payment)
        except msgspec.DecodeError as error:
            log.error("payment %s cannot be read: %s", psp_ref, error)
    return found


def save(connection: sqlite3.Connection, payment: Payment) -> None:
    """Store a payment in the place of what was known of it."""
    connection.execute(
        "INSERT OR REPLACE INTO payment (psp_ref, payment) VALUES (?, ?)",
        (payment.psp_ref, msgspec.json.encode(payment)),
    )


def forget(connection: sqlite3.Connection, psp_ref: str) -> None:
    """Forget a payment that is over."""
    connection.execute("DELETE FROM payment WHERE psp_ref = ?", (psp_ref,))
