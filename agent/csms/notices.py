"""Tells the backend what is no transaction event but must not get lost: security events, monitored events.

How to use it: make a frozen dataclass for what is to be told (version-free, JSON-encodable: it is stored on
flash), name it in `agent.csms.kinds`, say in each dialect's `notices` how it becomes a message, and call
`await notices.add(record)`. From then on it survives power cuts and is offered, oldest first, until the
backend has answered. What the version spoken has no message for is dropped when its turn comes. Handlers find
the queue in `Context.notices`.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from agent.csms.connection import CallFailed, Connection
from agent.csms.rests import Rests
from agent.store import notices
from agent.store.database import Database, StoreError
from agent.store.notices import StoredNotice
from agent.system.concerning import concerning
from ocppj.messages.fields import Payload

log = logging.getLogger(__name__)

MOST_OF_A_KIND = 500
"""Beyond that the oldest of the kind go: one kind in plenty must not push out another."""
MOST_REFUSALS = 5
_REST_S = 30.0
_LOOK_S = 0.05
_STORE_RETRY_S = 5.0

Translators = Mapping[type[Any], Callable[[Any], Payload | None]]
"""Type of record to what makes the message of it, if the version has one."""


class Translating(Protocol):
    """The part of a dialect that is needed here."""

    @property
    def notices(self) -> Translators:
        """How each type of record becomes a message."""


class Notices:
    """A queue of records on flash. Those of one kind keep their order unless the backend refuses one."""

    def __init__(
        self,
        database: Database,
        kinds: Sequence[type[Any]],
        now: Callable[[], datetime],
        line: Callable[[], str] = str,
    ) -> None:
        """`line` names the present times: a record's member `at` moves with them when the clock is set."""
        self._database = database
        self._line = line
        self._kinds = {kind.__name__: kind for kind in kinds}
        self._now = now
        self._rests: Rests[int] = Rests()

    async def add(self, record: object, *, lifetime: timedelta | None = None) -> None:
        """Keep a record until it is told; one with a `lifetime` only so long.

        Raises:
            KeyError: If this type of record is not one of `kinds`.
            StoreError: If it could not be made durable.
        """
        kind = type(record).__name__
        if kind not in self._kinds:
            raise KeyError(f"{kind} is not one of the kinds of record that are told")
        expires_s = None if lifetime is None else (self._now() + lifetime).timestamp()
        encoded, message_id, line = msgspec.json.encode(record), str(uuid.uuid4()), self._line()
        pushed_out = await self._database.write(
            lambda opened: notices.add(opened, kind, message_id, encoded, expires_s, MOST_OF_A_KIND, line)
        )
        if pushed_out:
            log.error(
                "%d of kind %s never told: more than %d wait for the backend",
                pushed_out,
                kind,
                MOST_OF_A_KIND,
            )
        self._rests.wake()

    async def waiting(self) -> int:
        """Return how many records the backend does not have yet."""
        return await self._database.read(notices.count)

    async def wait_until_told(self, timeout_s: float) -> bool:
        """Return whether nothing waits any more, after `timeout_s` at most.

        Raises:
            StoreError: If that cannot be read.
        """
        try:
            async with asyncio.timeout(timeout_s):
                while await self.waiting():  # noqa: ASYNC110 - told by another task, row by row
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            return False
        return True

    async def run(self, connection: Connection, timeout_s: Callable[[], float]) -> None:
        """Tell what waits until the connection is lost; `timeout_s` is how long an answer may take."""
        is_connected = True
        while is_connected:
            self._rests.forget_news()
            try:
                is_connected = await self._tell_next(connection, timeout_s())
            except StoreError as error:
                log.error("%s; the backend may see a message again", error)
                await asyncio.sleep(_STORE_RETRY_S)

    async def _tell_next(self, connection: Connection, timeout_s: float) -> bool:
        """Offer the next record, or wait for one; return False when the connection is gone."""
        resting = self._rests.resting
        stored = await self._database.read(lambda opened: notices.first(opened, resting))
        if stored is None:
            await self._rests.wait()
            return True
        with concerning(message=stored.message_id):
            return await self._tell(connection, stored, timeout_s)

    async def _tell(self, connection: Connection, stored: StoredNotice, timeout_s: float) -> bool:
        if await self._has_expired():
            return True
        request = self._message(stored, connection.dialect)
        if request is None:
            await self._forget(stored)
            return True
        try:
            await connection.call(request, timeout_s, stored.message_id)
        except CallFailed as failure:
            if failure.is_disconnected:
                return False
            await self._failed(stored, failure)
            return True
        await self._forget(stored)
        return True

    def _message(self, stored: StoredNotice, dialect: Translating) -> Payload | None:
        try:
            kind = self._kinds[stored.kind]
            record = msgspec.json.decode(stored.record, type=kind)
        except (KeyError, msgspec.DecodeError) as error:
            log.error("a stored %s cannot be told and is dropped: %s", stored.kind, error)
            return None
        translate = dialect.notices.get(kind)
        if translate is None:
            log.info("a %s is dropped: this version has no message for it", stored.kind)
            return None
        return translate(record)

    async def _has_expired(self) -> bool:
        now_s = self._now().timestamp()
        expired = await self._database.read(lambda opened: notices.has_expired(opened, now_s))
        if expired:
            gone = await self._database.write(lambda opened: notices.expire(opened, now_s))
            log.warning("%d messages were too old to be told", gone)
        return expired

    async def _failed(self, stored: StoredNotice, failure: CallFailed) -> None:
        """Let the record rest while others go on; forget one that was refused too often."""
        refusals = stored.refusals
        if failure.is_answered:
            refusals = await self._database.write(lambda opened: notices.refused(opened, stored.position))
        if refusals >= MOST_REFUSALS:
            log.error("a %s was refused %d times and is dropped: %s", stored.kind, refusals, failure)
            await self._forget(stored)
            return
        rest_s = _REST_S * max(1, refusals)
        log.warning("a %s was not taken (%s); again in %.0f s", stored.kind, failure, rest_s)
        self._rests.rest(stored.position, rest_s)

    async def _forget(self, stored: StoredNotice) -> None:
        await self._database.write(lambda opened: notices.forget(opened, stored.position))
