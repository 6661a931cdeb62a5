"""The accounts of all transactions that are not over for the backend, in memory and on the flash."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from agent.store import accounts as store
from agent.store import outbox
from agent.store.database import Database
from agent.transactions.account import Account


class Accounts:
    """Written when something changed that a power cut must not take; counts and values are no such thing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._accounts: dict[str, Account] = {}
        self._stored: dict[str, Account] = {}

    async def restore(self) -> None:
        """Take over what is stored, before anything else.

        Raises:
            StoreError: If it cannot be read.
        """
        for account in await self._database.read(store.everything):
            self._accounts[account.transaction_id] = account
            self._stored[account.transaction_id] = account

    def of(self, transaction_id: str) -> Account:
        """Return the account of a transaction, a new one if there is none."""
        return self._accounts.get(transaction_id) or Account(transaction_id=transaction_id)

    def transaction_of(self, number: int) -> str | None:
        """Return the transaction that the backend knows by this number."""
        for account in self._accounts.values():
            if account.number == number:
                return account.transaction_id
        return None

    async def has_waiting(self, transaction_id: str | None) -> bool:
        """Return whether the backend does not have all of a transaction's events yet, or of any (E14).

        Raises:
            StoreError: If it cannot be read.
        """
        return await self._database.read(lambda opened: outbox.has_waiting(opened, transaction_id))

    def keep(self, account: Account) -> None:
        """Remember the account as it is now."""
        self._accounts[account.transaction_id] = account

    def save(self, connection: sqlite3.Connection, account: Account) -> None:
        """Store the account if that is worth a write; commits with the caller's transaction."""
        stored = self._stored.get(account.transaction_id)
        if stored is None or _lasting(stored) != _lasting(account):
            store.save(connection, account)
            self._stored[account.transaction_id] = account

    def close(self, connection: sqlite3.Connection, transaction_id: str) -> None:
        """Forget an account whose transaction is over for the backend, in the caller's transaction."""
        store.remove(connection, transaction_id)
        self._accounts.pop(transaction_id, None)
        self._stored.pop(transaction_id, None)


def _lasting(account: Account) -> Account:
    """Return an account without what a resend would only repeat."""
    return replace(account, last_wh=0, told_seq_no=-1)
