"""Where the state file names customers: cache, list, certificates, and what is still to be told."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import UTC, datetime

import msgspec

from agent.customers.customer import Customer, Holding
from agent.store import chain_statuses
from agent.transactions.account import Account
from agent.transactions.records import TransactionEvent

_BY_ID = "SELECT type, shown, verdict FROM local_list WHERE id = ?"
_LIST_KEPT = "only SendLocalList changes the list"
_EVENTS_KEPT = "the backend does not have them yet"


def cached(connection: sqlite3.Connection, customer: Customer) -> list[Holding]:
    """Return what the authorization cache says."""
    rows = connection.execute(
        "SELECT type, id, verdict FROM token_cache WHERE id = ? ORDER BY type", (_id(customer),)
    )
    return [
        Holding(text=f"authorization cache: {kind} {number}: {_text(verdict)}")
        for kind, number, verdict in rows
        if customer.type in (None, kind)
    ]


def listed(connection: sqlite3.Connection, customer: Customer) -> list[Holding]:
    """Return what the local authorization list says."""
    rows = connection.execute(f"{_BY_ID} ORDER BY type", (_id(customer),))
    return [
        Holding(text=f"local authorization list: {kind} {shown}: {_text(verdict)}", why_kept=_LIST_KEPT)
        for kind, shown, verdict in rows
        if customer.type in (None, kind)
    ]


def untold(connection: sqlite3.Connection, customer: Customer) -> list[Holding]:
    """Return which transactions have events with the customer's token that wait for delivery."""
    events: Counter[str] = Counter()
    for (stored,) in connection.execute("SELECT event FROM outbox ORDER BY position"):
        event = _decoded(stored)
        if event is not None and customer.has(event.token):
            events[event.transaction_id] += 1
    return [
        Holding(
            text=f"transaction {transaction_id}: events with the token to be delivered: {count}",
            why_kept=_EVENTS_KEPT,
        )
        for transaction_id, count in events.items()
    ]


def accounts(connection: sqlite3.Connection, customer: Customer) -> list[Holding]:
    """Return which transactions the backend does not have the end of."""
    found = []
    for transaction_id, stored in connection.execute("SELECT transaction_id, account FROM account"):
        try:
            account = msgspec.json.decode(stored, type=Account)
        except msgspec.DecodeError:
            continue
        if customer.has(account.token):
            text = f"transaction {transaction_id}: whose it is, until its end was told"
            found.append(Holding(text=text, why_kept=_EVENTS_KEPT))
    return found


def certificates(connection: sqlite3.Connection, name: str) -> list[Holding]:
    """Return what the backend found out about a customer's certificate."""
    return [
        Holding(text=f"certificate {name}: {kept.status} until {datetime.fromtimestamp(kept.until_s, UTC)}")
        for kept in chain_statuses.load(connection, (name,)).values()
    ]


def _id(customer: Customer) -> str:
    return "" if customer.id is None else customer.id.casefold()


def _text(verdict: bytes) -> str:
    return verdict.decode("utf-8", "replace")


def _decoded(stored: bytes) -> TransactionEvent | None:
    try:
        return msgspec.json.decode(stored, type=TransactionEvent)
    except msgspec.DecodeError:
        return None
