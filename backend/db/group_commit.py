"""Acknowledge after commit, without a commit for every message.

Whatever many connections submit while the last commit is on its way shares the next transaction. Handlers
store whole batches, so that a batch costs a few statements and not a few per message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from backend.db.engine import Database

ItemT = TypeVar("ItemT")
ItemT_contra = TypeVar("ItemT_contra", contravariant=True)
ResultT = TypeVar("ResultT")

MAX_BATCH = 500
TURNS_TO_READ = 2
"""Of the event loop before a batch is closed: one finds what has arrived by now, the next one submits it."""
log = logging.getLogger(__name__)


class Handler(Protocol[ItemT_contra, ResultT]):
    """Stores items of one kind."""

    def store(self, db: Connection, items: Sequence[ItemT_contra]) -> Sequence[ResultT]:
        """Store the items and return a result for each, in order. Runs in the writer's transaction.

        An exception rolls the transaction back; the items are then stored one by one, so that the bad one is
        found, and `store` must not rely on anything that it remembered from the failed attempt.
        """

    def committed(self, items: Sequence[ItemT_contra], results: Sequence[ResultT]) -> None:
        """Hear that a `store` of these items is on disk. Runs in the event loop."""


class NotStored(Exception):
    """The item is not in the database; whoever sent it must be told so, and will send it again."""


class _Group(NamedTuple):
    """What waits for one handler, and who hears the results."""

    handler: Handler[Any, Any]
    items: list[Any]
    done: list[Callable[[Any], None]]


_Batch = list[_Group]


class GroupCommit:
    """The one writer of messages. `submit` from anywhere in the event loop; `run` in a task of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[int, _Group] = {}
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stops = False

    def submit(
        self,
        handler: Handler[ItemT, ResultT],
        item: ItemT,
        done: Callable[[ResultT | NotStored], None],
    ) -> None:
        """Store the item in the next transaction; `done`, which must not raise, hears the result."""
        group = self._waiting.get(id(handler))
        if group is None:
            group = self._waiting[id(handler)] = _Group(handler, [], [])
            self._idle.clear()
            self._wake.set()
        group.items.append(item)
        group.done.append(done)

    async def store(self, handler: Handler[ItemT, ResultT], item: ItemT) -> ResultT:
        """Store the item in the next transaction and wait until it is on disk.

        Raises:
            NotStored: If it could not be stored.
        """
        stored: asyncio.Future[ResultT | NotStored] = asyncio.get_running_loop().create_future()
        self.submit(handler, item, lambda result: None if stored.done() else stored.set_result(result))
        result = await stored
        if isinstance(result, NotStored):
            raise result
        return result

    async def run(self) -> None:
        """Commit batch after batch until cancelled; what is being committed is finished first."""
        committing = asyncio.create_task(self._commit_all())
        try:
            await asyncio.shield(committing)
        except asyncio.CancelledError:
            self._stops = True
            self._wake.set()
            await asyncio.wait([committing])
            raise

    async def _commit_all(self) -> None:
        while not self._stops:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting and not self._stops:
                for _ in range(TURNS_TO_READ):
                    await asyncio.sleep(0)
                await self._commit(self._take())
            if not self._waiting:
                self._idle.set()

    async def drained(self) -> None:
        """Wait until nothing is waiting to be committed."""
        await self._idle.wait()

    def _take(self) -> _Batch:
        """Take what waits, at most MAX_BATCH of each kind."""
        batch = [
            _Group(group.handler, group.items[:MAX_BATCH], group.done[:MAX_BATCH])
            for group in self._waiting.values()
        ]
        self._waiting = {
            key: _Group(group.handler, group.items[MAX_BATCH:], group.done[MAX_BATCH:])
            for key, group in self._waiting.items()
            if len(group.items) > MAX_BATCH
        }
        return batch

    async def _commit(self, batch: _Batch) -> None:
        try:
            results = await self._database.write_here(lambda db: _store(db, batch))
        except (OperationalError, InterfaceError) as error:
            count = sum(len(group.items) for group in batch)
            log.error("%d messages not stored, the database failed: %s", count, _first_line(error))
            _tell(batch, [[NotStored(_first_line(error))] * len(group.items) for group in batch])
        except Exception as error:  # any handler may fail; one bad item must not spoil the others
            if len(batch) == len(batch[0].items) == 1:
                log.exception("not stored: %s", batch[0].items[0])
                _tell(batch, [[NotStored(_first_line(error))]])
                return
            for group in batch:
                for item, done in zip(group.items, group.done, strict=True):
                    await self._commit([_Group(group.handler, [item], [done])])
        else:
            for group, stored in zip(batch, results, strict=True):
                group.handler.committed(group.items, stored)
            _tell(batch, results)


def _store(db: Connection, batch: _Batch) -> list[Sequence[Any]]:
    results = [group.handler.store(db, group.items) for group in batch]
    for group, stored in zip(batch, results, strict=True):
        if len(stored) != len(group.items):
            raise AssertionError(f"{group.handler}: {len(stored)} results for {len(group.items)} items")
    return results


def _tell(batch: _Batch, results: Sequence[Sequence[Any]]) -> None:
    for group, stored in zip(batch, results, strict=True):
        for done, result in zip(group.done, stored, strict=True):
            done(result)


def _first_line(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(cause).__name__}: {cause}".splitlines()[0]
