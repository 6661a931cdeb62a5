"""How the certificates that the station shows to vehicles stand (M06): asked for ahead, and kept.

A vehicle wants the authority's word within its TLS handshake, which is too short to ask anybody. So it is
asked for when there is a new certificate, before an answer is outdated, and within the week that OCPP allows.
What is stored is believed anew after a start: the file it lies in is no authority.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from agent.authorization.authorizer import BackendUnreachable
from agent.authorization.contract import StatusQuestion
from agent.security.vault import Vault
from agent.store import certificate_statuses as store
from agent.store.certificate_statuses import Kept
from agent.store.database import Database, StoreError
from certs.identities import Identities, Identity
from certs.keystore import KeyStoreError

if TYPE_CHECKING:
    from cryptography import x509

    from agent.security.status_questions import Asked
    from certs.chains import Chain
    from certs.ocsp_cache import OcspCache

log = logging.getLogger(__name__)

REFRESH_AFTER: Final = timedelta(days=6)
"""A day before the week is over (M06.FR.10): the backend may be away."""
RETRY_AFTER_S: Final = 900.0
_TICK_S: Final = 60.0
_EARLY: Final = 0.1
"""The part of an answer's life that is left when it is asked for anew."""


class StatusSource(Protocol):
    """Asks the backend for the authorities' word."""

    async def status(self, question: StatusQuestion) -> str | None:
        """Return an OCSP answer (base64 DER), None if the backend has none.

        Raises:
            BackendUnreachable: If nobody answers.
        """


@dataclass(frozen=True, slots=True)
class Shown:
    """The identity that vehicles are shown with its chain, what is asked about that, and the answers."""

    identity: Identity
    chain: Chain
    asked: tuple[Asked, ...]
    answers: OcspCache


class CertificateStatuses:
    """Keeps the authorities' word on the newest chains for vehicles: of ISO 15118-2, and of -20."""

    def __init__(self, vault: Vault, database: Database, now: Callable[[], datetime]) -> None:
        self._vault = vault
        self._database = database
        self._now = now
        self._shown: tuple[Shown, ...] = ()
        self._retry_s: dict[str, float] = {}
        self._turn = asyncio.Event()

    def look_again(self) -> None:
        """Take note that there may be a new certificate (M06.FR.07)."""
        self._turn.set()

    async def run(self, backend: StatusSource) -> None:
        """Ask for what is due over one connection, until cancelled."""
        self._retry_s.clear()
        while True:
            self._turn.clear()
            try:
                await self.refresh(backend)
            except (KeyStoreError, StoreError) as error:
                log.error("the status of certificates for vehicles is not asked for: %s", error)
            try:
                async with asyncio.timeout(_TICK_S):
                    await self._turn.wait()
            except TimeoutError:
                continue

    async def refresh(self, backend: StatusSource) -> None:
        """Ask for what is due now (M06.FR.06).

        Raises:
            KeyStoreError: If the certificates cannot be read.
            StoreError: If an answer could not be stored.
        """
        every = [(shown, one) for shown in await self._look() for one in shown.asked]
        if not every:
            return
        kept = await self._database.read(store.load)
        for shown, one in every:
            name = one.question.named.word
            if time.monotonic() < self._retry_s.get(name, 0.0):
                continue
            if is_due(kept.get(name), shown.identity.file, self._now()):
                await self._ask(backend, shown, one)

    async def answers(self) -> tuple[bytes | None, ...]:
        """Return what is shown to vehicles: the OCSP answer (DER) to each certificate below the root.

        Leaf first, chain by chain; None where there is none that counts.

        Raises:
            KeyStoreError: If the certificates cannot be read.
            StoreError: If the answers cannot be read.
        """
        from certs.ocsp_cache import staples  # noqa: PLC0415 - memory that few stations need

        found = await self._look()
        return tuple(one for shown in found for one in staples(shown.chain, shown.answers, self._now()))

    async def answer_about(self, certificate: x509.Certificate) -> bytes | None:
        """Return the OCSP answer (DER) about one certificate, None if there is none or it is outdated.

        Raises:
            KeyStoreError: If the certificates cannot be read.
            StoreError: If the answers cannot be read.
        """
        for shown in await self._look():
            if (answer := shown.answers.find(certificate, self._now())) is not None:
                return answer.der
        return None

    async def _look(self) -> tuple[Shown, ...]:
        """Return what vehicles are shown now; nothing is read while that is the newest there is."""
        newest = [one for every in self._every() for one in every.usable(self._now())[:1]]
        if newest != [shown.identity for shown in self._shown]:
            found = await asyncio.to_thread(lambda: tuple(self._choose()))
            if [one.identity for one in found] != [one.identity for one in self._shown]:
                self._shown = ()
                await self._take_over(found)
                self._retry_s.clear()
                self._shown = found
        return self._shown

    def _every(self) -> tuple[Identities, Identities]:
        return self._vault.secc, self._vault.secc20

    def _choose(self) -> Iterator[Shown]:
        """Yield the newest that can be vouched for: one whose root has gone is fallen back from."""
        from agent.security.status_questions import asked  # noqa: PLC0415 - memory that few stations need
        from certs.choosing import choose  # noqa: PLC0415 - likewise
        from certs.ocsp_cache import OcspCache  # noqa: PLC0415 - likewise
        from certs.pem import read_bundle  # noqa: PLC0415 - likewise
        from certs.profiles import SECC, SECC_20  # noqa: PLC0415 - likewise

        roots = self._vault.roots.pem("V2G")
        for identities, profile in zip(self._every(), (SECC, SECC_20), strict=True):
            choice = choose(identities, read_bundle(roots) if roots else (), profile, self._now())
            for _, why in choice.passed_over:
                log.warning("a certificate for vehicles cannot be vouched for: %s", why)
            if choice.identity is not None:
                yield Shown(choice.identity, choice.chain, asked(choice.chain), OcspCache())

    async def _take_over(self, every: tuple[Shown, ...]) -> None:
        """Believe what is stored about these certificates, if it is to be believed; forget the rest."""
        from certs.revocation import AnswerRefused  # noqa: PLC0415 - memory that few stations need

        kept, believed = await self._database.read(store.load), []
        for one, answers in [(one, shown.answers) for shown in every for one in shown.asked]:
            name = one.question.named.word
            if name not in kept:
                continue
            try:
                answers.take(kept[name].answer, one.certificate, one.issuer, self._now())
            except AnswerRefused as error:
                log.info("status of certificate %s: %s", one.question.named.serial_number, error)
            else:
                believed.append(name)
        await self._database.write(lambda opened: store.keep_only(opened, believed))

    async def _ask(self, backend: StatusSource, shown: Shown, one: Asked) -> None:
        from certs.revocation import AnswerRefused  # noqa: PLC0415 - memory that few stations need

        question, name = one.question, one.question.named.word
        self._retry_s[name] = time.monotonic() + RETRY_AFTER_S
        try:
            text = await backend.status(question)
            if text is None:
                log.warning("the backend has no status of certificate %s", question.named.serial_number)
                return
            der = base64.b64decode(text, validate=True)
            answer = shown.answers.take(der, one.certificate, one.issuer, self._now())
        except (BackendUnreachable, AnswerRefused, ValueError) as error:
            log.warning("no status of certificate %s: %s", question.named.serial_number, error)
            return
        kept = Kept(
            identity=shown.identity.file,
            answer=der,
            asked_s=self._now().timestamp(),
            next_s=None if answer.next_update is None else answer.next_update.timestamp(),
        )
        await self._database.write(lambda opened: store.save(opened, name, kept))
        level = logging.INFO if answer.status == "good" else logging.ERROR
        log.log(
            level, "certificate %s, shown to vehicles, is %s", question.named.serial_number, answer.status
        )
        if not is_due(kept, shown.identity.file, self._now()):
            del self._retry_s[name]


def is_due(kept: Kept | None, identity: str, now: datetime) -> bool:
    """Return whether an answer has to be asked for: none, one from before, or one that grows old."""
    if kept is None or kept.identity != identity:  # M06.FR.06, M06.FR.07
        return True
    age_s = now.timestamp() - kept.asked_s
    if age_s < 0 or age_s >= REFRESH_AFTER.total_seconds():  # M06.FR.10
        return True
    return kept.next_s is not None and age_s >= (kept.next_s - kept.asked_s) * (1 - _EARLY)
