"""What the backend has been told of transactions whose end it does not have yet: one row each."""

from __future__ import annotations

import logging
import sqlite3

import msgspec

from agent.transactions.account import Account

log = logging.getLogger(__name__)


def everything(connection: sqlite3.Connection) -> list[Account]:
    """Return all accounts; one that cannot be read is left out: its transaction is told anew."""
    found = []
    for transaction_id, stored in connection.execute("SELECT transaction_id, account FROM account"):
        try:
            found.append(msgspec.json.decode(stored, type=Account))
        except msgspec.DecodeError as error:
            log.error("what was told of transaction %s cannot be read: %s", transaction_id, error)
    return found


def save(connection: sqlite3.Connection, account: Account) -> None:
    """Store an account; commits with whatever else the caller's transaction writes."""
    connection.execute(
        "INSERT OR REPLACE INTO account (transaction_id, account) VALUES (?, ?)",
        (account.transaction_id, msgspec.json.encode(account)),
    )


def remove(connection: sqlite3.Connection, transaction_id: str) -> None:
    """Forget an account: the backend has the transaction's end."""
    connection.execute("DELETE FROM account WHERE transaction_id = ?", (transaction_id,))
