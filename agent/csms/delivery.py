"""Delivers the outbox: in order, one at a time, until the backend has every event (E12, E13)."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import uuid
from dataclasses import replace
from functools import partial

from agent.csms.accounts import Accounts
from agent.csms.connection import CallFailed, Connection
from agent.csms.dialect import CannotBeTold, EventAnswer, Part
from agent.csms.rests import Rests
from agent.station.station import Station
from agent.store import facts, outbox
from agent.store.database import Database, StoreError
from agent.store.keeper import Figures
from agent.store.outbox import Pending, UnreadableEvent
from agent.system.concerning import concerning
from agent.transactions.account import Account, noted
from agent.transactions.records import TransactionEvent

log = logging.getLogger(__name__)

_ATTEMPTS = "OCPPCommCtrlr.MessageAttempts[TransactionEvent]"
_INTERVAL = "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]"
_STORE_RETRY_S = 5.0
_PARTS = uuid.UUID("9f1f6d6e-4a55-4b0e-8a3e-5b1c2f0a7d11")
_TIMEOUT = "OCPPCommCtrlr.MessageTimeout[Default]"


class Delivery:
    """Empties the outbox over whatever connection there is."""

    def __init__(self, database: Database, station: Station, accounts: Accounts, figures: Figures) -> None:
        self._database = database
        self._figures = figures
        self._station = station
        self._accounts = accounts
        self._emptied = asyncio.Event()
        self._rests: Rests[str] = Rests()
        """Transactions whose next attempt is not due; the others go on meanwhile."""

    def event_added(self) -> None:
        """Take note that there is something to deliver."""
        self._emptied.clear()
        self._rests.wake()

    async def wait_until_empty(self, timeout_s: float) -> bool:
        """Return whether everything was delivered within `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._emptied.wait()
        except TimeoutError:
            return False
        return True

    async def run(self, connection: Connection) -> None:
        """Deliver until the connection is lost; what is not confirmed by then goes out over the next one.

        What was set aside is offered once more on every connection: a backend that refused everything because
        its disk was full, or never answered, has lost nothing once it works again.
        """
        is_connected, is_marked = True, False
        take_up = partial(_take_up, version=connection.dialect.version.value)
        while is_connected:
            self._rests.forget_news()
            try:
                if not is_marked:
                    await self._database.write(take_up)
                    self._figures.waiting += self._figures.set_aside
                    self._figures.set_aside = 0
                    is_marked = True
                is_connected = await self._deliver_next(connection)
            except StoreError as error:
                log.error("%s; the backend will see its last event again", error)
                await asyncio.sleep(_STORE_RETRY_S)

    async def _deliver_next(self, connection: Connection) -> bool:
        """Offer the next event, or wait for one; return False when the connection is gone."""
        resting = self._rests.resting
        try:
            pending = await self._database.read(lambda opened: outbox.first(opened, resting))
        except UnreadableEvent as error:
            log.error("%s; it is set aside", error)
            await self._set_aside(error.position, str(error))
            return True
        if pending is not None and not pending.is_offered and pending.event.kind == "Started":
            await self._database.write(lambda opened: outbox.offer(opened, pending.position))
            return True  # it is read again: its times may have been moved until now
        if pending is not None:
            return await self._deliver(connection, pending)
        if not resting:
            self._emptied.set()
        await self._rests.wait()
        return True

    async def _deliver(self, connection: Connection, pending: Pending) -> bool:
        """Offer one event, part by part; return False when the connection is gone."""
        event = pending.event
        about = concerning(evse=event.evse_id, transaction=event.transaction_id, message=pending.message_id)
        with about:
            return await self._offer(connection, pending)

    async def _offer(self, connection: Connection, pending: Pending) -> bool:
        event = pending.event
        account = noted(self._accounts.of(event.transaction_id), event)
        self._accounts.keep(account)  # the next event needs it, even if this one is never taken
        try:
            while (part := connection.dialect.next_part(account, event)) is not None:
                response = await connection.call(part.request, self._timeout_s(), _id(pending, part))
                await self._take_answer(connection.dialect.read_event_answer(response), event, account)
                account = connection.dialect.answered(account, event, response)
                self._accounts.keep(account)
                if part.name:
                    await self._save(account)
        except CallFailed as failure:
            if failure.is_disconnected:
                return False
            await self._failed(pending, str(failure))
            return True
        except CannotBeTold as error:
            await self._failed(pending, str(error))
            return True
        await self._finish(pending, account)
        return True

    async def _take_answer(self, answer: EventAnswer, event: TransactionEvent, account: Account) -> None:
        """Learn what the backend says of the driver, and act on it."""
        verdict, token = answer.verdict, event.token or account.token
        if verdict is not None and token is not None:
            await self._station.authorizer.learn(token, verdict, is_partial=True)
            if not verdict.is_accepted:
                await self._station.deauthorize(event.transaction_id, token, verdict.status)
        if answer.limit is not None:
            await self._station.limit_transaction(event.transaction_id, answer.limit)
        await self._station.costs.answered(
            event.evse_id,
            event.transaction_id,
            answer.total_cost,
            answer.text,
            is_final=event.kind == "Ended",
        )

    async def _save(self, account: Account) -> None:
        await self._database.write(lambda opened: self._accounts.save(opened, account))

    async def _finish(self, pending: Pending, account: Account) -> None:
        """Forget an event that the backend has; of a transaction that is over with its last one the account.

        The end is not the last one where an event before it was set aside.
        """
        if pending.event.kind == "Ended":
            account = replace(account, is_closed=True)
        self._accounts.keep(account)

        def finish(opened: sqlite3.Connection) -> None:
            outbox.delivered(opened, pending)
            if account.is_closed and not outbox.has_waiting(opened, account.transaction_id):
                self._accounts.close(opened, account.transaction_id)
            else:
                self._accounts.save(opened, account)

        await self._database.write(finish)
        self._figures.waiting -= 1
        self._figures.delivered += 1

    def _timeout_s(self) -> int:
        return self._station.settings.integer(_TIMEOUT)

    async def _failed(self, pending: Pending, why: str) -> None:
        """Let the transaction rest, longer from attempt to attempt (E13.FR.03).

        After the last attempt the event is set aside for people to look at (E13.FR.04).
        """
        attempts = await self._database.write(lambda opened: outbox.failed(opened, pending.position))
        self._figures.failed += 1
        event = pending.event
        name = f"event {event.seq_no} of transaction {event.transaction_id}"
        if attempts >= self._station.settings.integer(_ATTEMPTS):
            await self._set_aside(pending.position, why)
            log.error("%s set aside after %d attempts: %s", name, attempts, why)
            return
        wait_s = attempts * self._station.settings.integer(_INTERVAL)
        log.warning("%s not delivered (%s); again in %d s", name, why, wait_s)
        self._rests.rest(event.transaction_id, wait_s)

    async def _set_aside(self, position: int, why: str) -> None:
        await self._database.write(lambda opened: outbox.set_aside(opened, position, why))
        self._figures.waiting -= 1
        self._figures.set_aside += 1


def _id(pending: Pending, part: Part) -> str:
    """Return the message id of a part: the same on a resend, and another for each part."""
    if not part.name:
        return pending.message_id
    whole = pending.event.transaction_id if part.is_of_transaction else pending.message_id
    return str(uuid.uuid5(_PARTS, f"{whole}/{part.name}"))


def _take_up(opened: sqlite3.Connection, version: str) -> None:
    """Begin on a new connection with all that the backend does not have yet, the oldest first."""
    facts.save(opened, facts.SPOKEN, version)
    outbox.offer_again(opened)
    outbox.mark_offline(opened)
