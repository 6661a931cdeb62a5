"""Commits an EVSE's new state together with the transaction event it caused: both or neither."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable

from agent.station.evse import EvseState
from agent.store import collected, evses, outbox
from agent.store.database import Database
from agent.store.keeper import OutboxKeeper
from agent.transactions.records import Sample, TransactionEvent


class Journal:
    """The store as an EVSE sees it."""

    def __init__(
        self,
        database: Database,
        event_added: Callable[[], None],
        keeper: OutboxKeeper,
        *,
        has_backend: bool = True,
        line: Callable[[], str] = str,
    ) -> None:
        """Without a backend no event is kept: nobody would ever fetch it. `line` names the present times."""
        self._database = database
        self._event_added = event_added
        self._keeper = keeper
        self._has_backend = has_backend
        self._line = line

    async def load(self, evse_id: int) -> EvseState:
        """Return the state as of the last commit."""
        return await self._database.read(lambda connection: evses.load(connection, evse_id))

    async def collect(self, transaction_id: str, sample: Sample, most_bytes: int) -> None:
        """Keep meter values that are told with the end of their transaction.

        Raises:
            StoreError: If that was not possible.
        """
        await self._database.write(
            lambda connection: collected.add(connection, transaction_id, sample, most_bytes)
        )

    async def collected(self, transaction_id: str) -> tuple[Sample, ...]:
        """Return what was kept of a transaction."""
        return await self._database.read(lambda connection: collected.load(connection, transaction_id))

    async def commit(self, evse_id: int, state: EvseState, event: TransactionEvent | None) -> None:
        """Store both durably; only after this may the hardware be touched.

        Raises:
            StoreError: If that was not possible; nothing has changed.
        """
        kept, line = event if self._has_backend else None, self._line()

        def work(connection: sqlite3.Connection) -> bool:
            evses.save(connection, evse_id, state)
            if event is not None and event.kind == "Ended":
                collected.forget(connection, event.transaction_id)
            if kept is not None:
                outbox.add(connection, str(uuid.uuid4()), kept, line)
            return kept is not None and self._keeper.is_full(connection)

        is_full = await self._database.write(work)
        if kept is None:
            return
        self._keeper.figures.waiting += 1
        self._event_added()
        if is_full:
            await self._keeper.thin(self._database)
