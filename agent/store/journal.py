"""Commits an EVSE's new state together with the transaction event it caused: both or neither."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable

from agent.station.evse import EvseState
from agent.store import evses, outbox
from agent.store.database import Database
from agent.transactions.records import TransactionEvent


class Journal:
    """The store as an EVSE sees it."""

    def __init__(
        self, database: Database, event_added: Callable[[], None], *, has_backend: bool = True
    ) -> None:
        """Without a backend no event is kept: nobody would ever fetch it."""
        self._database = database
        self._event_added = event_added
        self._has_backend = has_backend

    async def load(self, evse_id: int) -> EvseState:
        """Return the state as of the last commit."""
        return await self._database.read(lambda connection: evses.load(connection, evse_id))

    async def commit(self, evse_id: int, state: EvseState, event: TransactionEvent | None) -> None:
        """Store both durably; only after this may the hardware be touched."""

        def work(connection: sqlite3.Connection) -> None:
            evses.save(connection, evse_id, state)
            if event is not None and self._has_backend:
                outbox.add(connection, str(uuid.uuid4()), event)

        await self._database.write(work)
        if event is not None and self._has_backend:
            self._event_added()
