"""Acknowledge after commit, without a commit for every message.

Whatever many connections submit while the last commit is on its way shares the next transaction. Handlers
store whole batches, so that a batch costs a few statements and not a few per message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from backend.db.engine import Database

ItemT = TypeVar("ItemT")
ItemT_contra = TypeVar("ItemT_contra", contravariant=True)
ResultT = TypeVar("ResultT")

MAX_BATCH = 500
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


@dataclass(frozen=True, slots=True)
class _Submitted(Generic[ItemT, ResultT]):
    handler: Handler[ItemT, ResultT]
    item: ItemT
    done: Callable[[ResultT | NotStored], None]


_Batch = list[_Submitted[Any, Any]]


class GroupCommit:
    """The one writer of messages. `submit` from anywhere in the event loop; `run` in a task of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: _Batch = []
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def submit(
        self,
        handler: Handler[ItemT, ResultT],
        item: ItemT,
        done: Callable[[ResultT | NotStored], None],
    ) -> None:
        """Store the item in the next transaction; `done`, which must not raise, hears the result."""
        self._waiting.append(_Submitted(handler, item, done))
        self._idle.clear()
        self._wake.set()

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
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
                await asyncio.shield(self._commit(batch))
            self._idle.set()

    async def drained(self) -> None:
        """Wait until nothing is waiting to be committed."""
        await self._idle.wait()

    async def _commit(self, batch: _Batch) -> None:
        try:
            results = await self._database.write_here(lambda db: _store(db, batch))
        except (OperationalError, InterfaceError) as error:
            log.error("%d messages not stored, the database failed: %s", len(batch), _first_line(error))
            _tell(batch, [NotStored(_first_line(error))] * len(batch))
        except Exception as error:  # any handler may fail; one bad item must not spoil the others
            if len(batch) > 1:
                for submitted in batch:
                    await self._commit([submitted])
                return
            log.exception("not stored: %s", batch[0].item)
            _tell(batch, [NotStored(_first_line(error))])
        else:
            for handler, members in _by_handler(batch):
                handler.committed([batch[i].item for i in members], [results[i] for i in members])
            _tell(batch, results)


def _store(db: Connection, batch: _Batch) -> list[Any]:
    results: list[Any] = [None] * len(batch)
    for handler, members in _by_handler(batch):
        for member, result in zip(
            members, handler.store(db, [batch[member].item for member in members]), strict=True
        ):
            results[member] = result
    return results


def _by_handler(batch: _Batch) -> list[tuple[Handler[Any, Any], list[int]]]:
    """Group the positions of a batch by handler, in the order in which the handlers first appear."""
    groups: dict[int, tuple[Handler[Any, Any], list[int]]] = {}
    for position, submitted in enumerate(batch):
        groups.setdefault(id(submitted.handler), (submitted.handler, []))[1].append(position)
    return list(groups.values())


def _tell(batch: _Batch, results: Sequence[Any]) -> None:
    for submitted, result in zip(batch, results, strict=True):
        submitted.done(result)


def _first_line(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(cause).__name__}: {cause}".splitlines()[0]
