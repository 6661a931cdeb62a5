"""Reports what is held about a customer, and clears what may go."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from agent.customers.customer import Customer, Holding
from agent.station.station import Station
from agent.store import chain_statuses, customers
from agent.store.database import Database

_CHARGING: Final = "needed until the transaction has ended"


class Customers:
    """What the station holds about customers: nothing but what it needs of their tokens and certificates."""

    def __init__(self, station: Station, database: Database) -> None:
        self._station = station
        self._database = database

    async def holdings(self, customer: Customer) -> list[Holding]:
        """Return everything that is held about the customer.

        Raises:
            StoreError: If it cannot be read.
        """
        if customer.certificate is not None:
            name = customer.certificate.word
            return await self._database.read(lambda opened: customers.certificates(opened, name))
        if customer.id is None:
            return []

        def work(opened: sqlite3.Connection) -> list[Holding]:
            sources = (customers.cached, customers.listed, customers.untold, customers.accounts)
            return [holding for source in sources for holding in source(opened, customer)]

        return [*await self._database.read(work), *self._running(customer), *self._reserved(customer)]

    async def clear(self, customer: Customer) -> None:
        """Forget everything that is not needed any more (N10.FR.03, N10.FR.06).

        The local list is the backend's to change; events of transactions are delivered first: none is lost.

        Raises:
            StoreError: If that could not be made durable.
        """
        if customer.certificate is not None:
            name = customer.certificate.word
            await self._database.write(lambda opened: chain_statuses.forget(opened, name))
        if customer.id is None:
            return
        await self._station.authorizer.cache.forget(customer.id, customer.type)
        for reservation in self._station.reservations.book:
            if customer.has(reservation.token):
                await self._station.reservations.cancel(reservation.id)

    def _running(self, customer: Customer) -> Iterator[Holding]:
        for evse_id, service in self._station.evses.items():
            driver, transaction = service.state.authorization, service.state.transaction
            if driver is not None and customer.has(driver.token):
                text = f"EVSE {evse_id}: authorized at {driver.granted_at.isoformat()}"
                yield Holding(text=text, why_kept=_CHARGING)
            if transaction is not None and customer.has(transaction.token):
                text = (
                    f"EVSE {evse_id}: transaction {transaction.id} since {transaction.started_at.isoformat()}"
                )
                yield Holding(text=text, why_kept=_CHARGING)

    def _reserved(self, customer: Customer) -> Iterator[Holding]:
        for reservation in self._station.reservations.book:
            if customer.has(reservation.token):
                yield Holding(text=f"reservation {reservation.id} until {reservation.expires_at.isoformat()}")
