"""Certifies what stations asked for, and delivers it with CertificateSigned, now or when they are back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from backend.csms.errors import CommandError, StationRefused
from backend.db.engine import Database
from backend.pki import signing
from backend.pki.directory import Authorities
from backend.pki.errors import PkiError
from backend.pki.terms import Wording
from certs.keystore import KeyStoreError
from certs.requests import RequestRefused

log = logging.getLogger(__name__)

TICK_S = 10.0


class Stations(Protocol):
    """Chargers that are connected."""

    def may_be_asked(self, identity: str) -> bool:
        """Tell whether a charger is connected and accepted."""


Send = Callable[[str, str, str | None], Awaitable[str | None]]
"""Delivers a chain (PEM) of a type to a charger; returns why the charger refuses it, None if it does not.

Raises CommandError if it could not be asked, or did not answer.
"""


class Delivery:
    """The one task that answers signing requests. `wake` it when there is one, or a station connects."""

    def __init__(
        self,
        authorities: Authorities,
        database: Database,
        wording: Wording,
        clock: Callable[[], datetime],
        stations: Stations,
        send: Send,
    ) -> None:
        self._authorities = authorities
        self._database = database
        self._wording = wording
        self._clock = clock
        self._stations = stations
        self._send = send
        self._turn = asyncio.Event()
        self._busy: set[int] = set()

    def wake(self) -> None:
        """Look at once what there is to do."""
        self._turn.set()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                try:
                    await self._round(tasks)
                except DBAPIError as error:
                    log.error("signing requests wait, the database failed: %s", error.orig)
                try:
                    async with asyncio.timeout(TICK_S):
                        await self._turn.wait()
                except TimeoutError:
                    pass
                self._turn.clear()

    async def _round(self, tasks: asyncio.TaskGroup) -> None:
        after = 0
        while rows := await self._database.read(partial(signing.open_requests, after=after)):
            for row in rows:
                await self._attend(row, tasks)
            after = rows[-1].id

    async def _attend(self, row: Row[Any], tasks: asyncio.TaskGroup) -> None:
        if row.id in self._busy:
            return
        if row.status == "Waiting":
            if await self._certify(row):
                self._turn.set()
        elif self._stations.may_be_asked(row.identity):
            self._busy.add(row.id)
            tasks.create_task(self._deliver(row))

    async def _certify(self, row: Row[Any]) -> bool:
        """Certify what was asked for; return whether there is something to deliver."""
        now = self._clock()
        try:
            duty, chain = await asyncio.to_thread(
                signing.answer, self._authorities, self._wording, row.csr, row.type, now
            )
        except KeyStoreError as error:
            log.error("%s: its certificate waits: %s", row.identity, error)
            return False
        except (PkiError, RequestRefused) as error:
            why = str(error)
        except Exception as error:  # one station's request must not keep the others' from their answers
            log.exception("%s: its request cannot be certified", row.identity)
            why = f"{type(error).__name__}: {error}"
        else:
            await self._database.write(lambda db: signing.keep_issued(db, row, duty, chain, now))
            return True
        log.error("%s: no certificate (%s): %s", row.identity, row.type, why)
        await self._database.write(lambda db: signing.settle(db, row, "Failed", why, now))
        return False

    async def _deliver(self, row: Row[Any]) -> None:
        try:
            outcome = await self._hand_over(row)
            if outcome is not None:
                status, why = outcome
                now = self._clock()
                await self._database.write(lambda db: signing.settle(db, row, status, why, now))
        except DBAPIError as error:
            log.error("%s: its certificate is sent again, the database failed: %s", row.identity, error.orig)
        except Exception:  # one station's certificate must not keep the others from theirs
            log.exception("%s: its certificate is sent again later", row.identity)
        finally:
            self._busy.discard(row.id)

    async def _hand_over(self, row: Row[Any]) -> tuple[str, str | None] | None:
        """Give a station its certificate; return what becomes of the request, None if it stays open."""
        try:
            why = await self._send(row.identity, row.chain, row.type)
        except StationRefused as error:
            why = str(error)
        except CommandError as error:
            log.warning("%s: its certificate is sent again later: %s", row.identity, error)
            return None
        if why is None:
            return "Delivered", None
        log.warning("%s refuses its certificate (%s): %s", row.identity, row.type, why)
        return "Refused", why
