"""Asks the backend how the certificates of a chain stand, and keeps its answers (M07)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from agent.authorization.authorizer import BackendUnreachable
from agent.authorization.chain_status import (
    CertificateStatus,
    ChainQuestion,
    StatusOf,
    is_fresh,
    kept_until,
)
from agent.authorization.contract import MOST_STATUS_QUESTIONS
from agent.store import chain_statuses as store
from agent.store.chain_statuses import Kept
from agent.store.database import Database, StoreError

log = logging.getLogger(__name__)


class Backend(Protocol):
    """Answers questions."""

    async def ask(self, question: object) -> Any:
        """Return the answer.

        Raises:
            BackendUnreachable: If it cannot be asked, or its OCPP version has no words for it.
        """


class ChainStatuses:
    """Implements `agent.authorization.contracts.StatusCheck`."""

    def __init__(self, database: Database, backend: Backend, now: Callable[[], datetime]) -> None:
        self._database = database
        self._backend = backend
        self._now = now

    async def kept(self, certificates: tuple[StatusOf, ...]) -> tuple[CertificateStatus, ...]:
        """Return the answers that still stand.

        Raises:
            StoreError: If they cannot be read.
        """
        names = [one.named.word for one in certificates]
        kept = await self._database.read(lambda opened: store.load(opened, names))
        found = ((one.named, kept[one.named.word]) for one in certificates if one.named.word in kept)
        answers = (
            CertificateStatus(
                named=named, status=one.status, next_update=datetime.fromtimestamp(one.until_s, UTC)
            )
            for named, one in found
        )
        now = self._now()
        return tuple(one for one in answers if is_fresh(one.next_update, now))

    async def find(self, certificates: tuple[StatusOf, ...]) -> tuple[CertificateStatus, ...]:
        """Return what is known of the certificates; what is not kept is asked for, the leaf first.

        Nothing is said of those that the backend could not be asked about or left out.

        Raises:
            StoreError: If the answers that are kept cannot be read.
        """
        kept = await self.kept(certificates)
        known = {one.named for one in kept}
        missing = tuple(one for one in certificates if one.named not in known)[:MOST_STATUS_QUESTIONS]
        if not missing:
            return kept
        try:
            answers = await self._backend.ask(ChainQuestion(certificates=missing))
        except BackendUnreachable as error:
            log.info("the status of %s certificates is not known: %s", len(missing), error)
            return kept
        found = tuple(
            CertificateStatus(named=one.named, status=answer.status, next_update=answer.next_update)
            for one in missing
            for answer in answers
            if one.named.names(answer.named)
        )
        await self._keep(found)
        return (*kept, *found)

    async def _keep(self, found: tuple[CertificateStatus, ...]) -> None:
        """Keep what is to be kept; an answer that cannot be is as good for now."""
        now = self._now()
        rows = [
            Kept(name=one.named.word, status=one.status, until_s=until.timestamp())
            for one in found
            if one.status in ("Good", "Revoked") and (until := kept_until(one, now)) is not None
        ]
        if not rows:
            return
        try:
            await self._database.write(lambda opened: store.save(opened, rows, now.timestamp()))
        except StoreError as error:
            log.error("the status of certificates cannot be kept: %s", error)
