"""Keeps the outbox within its share of the flash, and counts what becomes of events."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass

from agent.store import outbox
from agent.store.database import JOURNAL_BYTES, Database, StoreError

log = logging.getLogger(__name__)

DEFAULT_LIMIT_BYTES = 32 * 1_048_576
_FULL_AT = 0.36
"""Share of the limit, less the usual journal, that the state may take: thinning writes it anew, into the
journal and then into the file, before the old one goes."""
_SHARE = 0.25
"""How much of the outbox goes at once: the rest is written anew each time."""
_GROWS_BY = 1.05


@dataclass(slots=True)
class Figures:
    """Of the outbox since the agent started; `waiting` and `set_aside` are what is there now."""

    waiting: int = 0
    set_aside: int = 0
    delivered: int = 0
    failed: int = 0
    thinned: int = 0
    is_overfull: bool = False
    """Whether it takes more than it may, and holds nothing that can be spared."""


class OutboxKeeper:
    """Watches how much of the disk the state takes, with its journal and at the worst moment."""

    def __init__(self, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> None:
        self.figures = Figures()
        self._full_at_bytes = int((limit_bytes - JOURNAL_BYTES) * _FULL_AT)
        self._thin_at_bytes = self._full_at_bytes

    async def restore(self, database: Database) -> None:
        """Count what an earlier run left."""
        self.figures.waiting, self.figures.set_aside = await database.read(outbox.count)

    def is_full(self, connection: sqlite3.Connection) -> bool:
        """Tell whether it is time to thin the outbox; costs next to nothing."""
        return _used_bytes(connection) > self._thin_at_bytes

    async def thin(self, database: Database) -> None:
        """Make room. If nothing can be spared any more, what must be kept is kept all the same."""
        try:
            dropped, used_bytes = await database.write(_thin)
        except StoreError as error:
            log.error("the outbox could not be thinned: %s", error)
            return
        self.figures.waiting -= dropped
        self.figures.thinned += dropped
        self._thin_at_bytes = max(self._full_at_bytes, int(used_bytes * _GROWS_BY))
        self.figures.is_overfull = used_bytes > self._full_at_bytes
        if dropped:
            log.warning("the outbox has become too large: %d meter values and updates dropped", dropped)
        if used_bytes > self._full_at_bytes:
            log.error(
                "the outbox takes more of the disk than state.outbox_limit_mb allows, and holds nothing "
                "but starts and ends of transactions: these are kept; connect the station to its backend"
            )


def _thin(connection: sqlite3.Connection) -> tuple[int, int]:
    return outbox.thin(connection, _SHARE), _used_bytes(connection)


def _used_bytes(connection: sqlite3.Connection) -> int:
    names = ("page_count", "freelist_count", "page_size")
    pages, free, page_bytes = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    return int((pages - free) * page_bytes)
