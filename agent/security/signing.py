"""New certificates for the station's keys (A02, A03): asked for, checked, then used.

The order is that of power cuts: the new key is on flash before anybody is asked, the old identity stays until
the new chain is checked and written, and key and chain are written as one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol

from agent.security import retries
from agent.security.events import SecurityEvents
from agent.security.retries import Asking
from agent.security.vault import Vault
from agent.variables.model import DeviceModel
from certs.hash_data import HashData
from certs.identities import Identities, Waiting
from certs.keystore import KeyStoreError
from certs.root_files import Kind

if TYPE_CHECKING:
    from certs.key_kinds import EcKind

log = logging.getLogger(__name__)

Purpose = Literal["client", "secc", "secc20", "combined"]
"""Who the station is to its backend, to vehicles (of ISO 15118-2 or -20), or to both with one key."""
PURPOSES: tuple[Purpose, ...] = ("client", "secc", "secc20", "combined")

_FOR_VEHICLES: tuple[Purpose, ...] = ("secc", "secc20")
_FOR_VEHICLES_TOO = "ISO15118Ctrlr.V2GCertificateInstallationEnabled"
_SECC_ID = "ISO15118Ctrlr.SeccId"
_ORGANIZATION = "SecurityCtrlr.OrganizationName"
_WAIT = "SecurityCtrlr.CertSigningWaitMinimum"
_REPEAT = "SecurityCtrlr.CertSigningRepeatTimes"
_CHAIN_SIZE = "SecurityCtrlr.MaxCertificateChainSize"

RENEW_BEFORE = timedelta(days=30)
_RENEW_AGAIN_S = 86_400.0
_TICK_S = 30.0
_HIERARCHIES: dict[Purpose, tuple[Kind, ...]] = {
    "client": ("CSMS",),
    "secc": ("V2G",),
    "secc20": ("V2G",),
    "combined": ("CSMS", "V2G"),
}
_DOMAIN = "CPO"
_KEY_KINDS: dict[Purpose, EcKind] = {
    "client": "P-256",
    "secc": "P-256",
    "secc20": "P-521",
    "combined": "P-256",
}


class NobodyToAsk(Exception):
    """The backend cannot be reached, or did not answer."""


class Signing(Protocol):
    """Has the backend's authority certify keys."""

    async def sign_certificate(self, request: str, purpose: Purpose, root: HashData | None) -> bool:
        """Pass a request (PEM) on, and return whether the backend takes it.

        `root` names the hierarchy that the certificate is to be of, if there is but one.

        Raises:
            NobodyToAsk: If it cannot be asked.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Whom the station's certificates name."""

    serial: str
    """The unique serial number, or the identity where there is none (A00.FR.511)."""


class Signer:
    """Asks for certificates, when it is told to and before those in use expire, and takes the answers."""

    def __init__(
        self,
        vault: Vault,
        settings: DeviceModel,
        events: SecurityEvents,
        now: Callable[[], datetime],
        names: Names,
        installed: Callable[[], None],
    ) -> None:
        """`installed` is told when there is a new certificate."""
        self._vault = vault
        self._settings = settings
        self._events = events
        self._now = now
        self._names = names
        self._installed = installed
        self._asking: dict[Purpose, Asking] = {}
        self._renewed_s: dict[Purpose, float] = {}
        self._turn = asyncio.Event()

    @property
    def is_asking(self) -> tuple[Purpose, ...]:
        """The purposes whose request is still to be sent, now or again."""
        return tuple(purpose for purpose, asking in self._asking.items() if asking.due_s is not None)

    def waiting(self, purpose: Purpose) -> str | None:
        """Return the request (PEM) that waits for its certificate."""
        waiting = self._identities(purpose).waiting()
        return None if waiting is None else waiting.request

    async def prepare(self, purpose: Purpose) -> bool:
        """Make a new key with its request, to be sent by `ask`; return whether that is done (A02.FR.02).

        It cannot be if there is no organization to put into the request (A02), or the key cannot be
        stored. After a power cut it is sent without being asked for again.
        """
        from agent.security.requests import make_request  # noqa: PLC0415 - memory that few stations need
        from certs.csr import Subject  # noqa: PLC0415 - likewise

        organization = self._settings.text(_ORGANIZATION)
        if not organization:
            log.error("no certificate is asked for: %s is empty", _ORGANIZATION)
            return False
        if purpose in _FOR_VEHICLES and not self._settings.flag(_FOR_VEHICLES_TOO):
            log.error("no certificate for vehicles is asked for: %s is false", _FOR_VEHICLES_TOO)
            return False
        domain = None if purpose == "client" else _DOMAIN
        subject = Subject(
            common_name=self._common_name(purpose), organization=organization, domain_component=domain
        )
        try:
            waiting = await asyncio.to_thread(make_request, subject, _KEY_KINDS[purpose])
            identities = self._identities(purpose)
            await asyncio.to_thread(identities.begin, waiting.private_key, waiting.request)
        except KeyStoreError as error:
            log.error("no certificate is asked for: %s", error)
            return False
        self._asking.pop(purpose, None)
        return True

    def _common_name(self, purpose: Purpose) -> str:
        """Return whom a certificate names: towards vehicles it may be another than towards the backend."""
        own = self._settings.text(_SECC_ID) if purpose in _FOR_VEHICLES else ""
        return own or self._names.serial

    async def ask(self, purpose: Purpose) -> None:
        """Send the request that was prepared, over the connection there is or the next one."""
        self._asking[purpose] = retries.begin(time.monotonic())
        self._turn.set()

    async def take(self, answer: str, purpose: Purpose | None) -> str | None:
        """Take a chain (PEM, leaf first) that answers a request; return why not, or None if it is in place.

        Without a purpose it is for both if that was asked for, else for the link to the backend.
        """
        if purpose is None:
            purpose = "client" if self._vault.combined.waiting() is None else "combined"
        waiting = self._identities(purpose).waiting()
        if waiting is None:
            return "no certificate of this type was asked for"
        longest = self._settings.integer(_CHAIN_SIZE)
        if len(answer) > longest:
            return f"the chain has {len(answer)} characters, {longest} are allowed"
        why = await self._install(purpose, waiting, answer)
        if why is not None:
            return why
        self._asking.pop(purpose, None)
        self._installed()
        await self._events.record("ReconfigurationOfSecurityParameters", f"new {purpose} certificate")
        return None

    async def run(self, backend: Signing) -> None:
        """Send what is due, and ask for new certificates in time, over one connection."""
        is_resumed = False
        while True:
            self._turn.clear()
            try:
                if not is_resumed:
                    self._resume()
                    is_resumed = True
                await self._renew()
                for purpose in tuple(self._asking):
                    await self._send(purpose, backend)
                wait_s = self._until_due_s()
            except KeyStoreError as error:
                log.error("certificates are not asked for: %s", error)
                wait_s = _TICK_S
            try:
                async with asyncio.timeout(wait_s):
                    await self._turn.wait()
            except TimeoutError:
                continue

    def _until_due_s(self) -> float:
        due = [asking.due_s for asking in self._asking.values() if asking.due_s is not None]
        return min([_TICK_S, *(max(0.0, at_s - time.monotonic()) for at_s in due)])

    def _resume(self) -> None:
        """Go on with the requests that a power cut, or a lost connection, interrupted."""
        for purpose in PURPOSES:
            if purpose not in self._asking and self._identities(purpose).waiting() is not None:
                self._asking[purpose] = retries.begin(time.monotonic())

    async def _send(self, purpose: Purpose, backend: Signing) -> None:
        asking = self._asking[purpose]
        waiting = self._identities(purpose).waiting()
        if waiting is None:
            del self._asking[purpose]
            return
        if not asking.is_due(time.monotonic()):
            return
        wait_s = self._settings.integer(_WAIT)
        try:
            is_taken = await backend.sign_certificate(waiting.request, purpose, self._root(purpose))
        except NobodyToAsk as error:
            log.warning("the request for a %s certificate was not sent: %s", purpose, error)
            self._asking[purpose] = retries.after_silence(asking, time.monotonic(), wait_s)
            return
        if self._asking.get(purpose) is not asking:
            return  # answered, or begun anew, meanwhile
        if not is_taken:  # A02.FR.20: not again before the backend asks for it
            log.error("the backend refused the request for a %s certificate", purpose)
            del self._asking[purpose]
            self._identities(purpose).abandon()
            return
        repeat_times = self._settings.integer(_REPEAT)
        self._asking[purpose] = retries.after_sending(asking, time.monotonic(), wait_s, repeat_times)

    def _root(self, purpose: Purpose) -> HashData | None:
        """Return the root that a certificate for vehicles is to lead to (A02.FR.27)."""
        files = self._vault.roots.names("V2G") if purpose in _FOR_VEHICLES else ()
        if len(files) != 1:
            return None
        from certs.hashing import hash_data  # noqa: PLC0415 - memory that few stations need
        from certs.pem import read_bundle  # noqa: PLC0415 - likewise

        root, *vouching = read_bundle(self._vault.roots.read(files[0]))
        return hash_data(root, vouching[0] if vouching else root)

    async def _renew(self) -> None:
        """Ask for a successor to an identity that expires within a month (A03.FR.02)."""
        now, now_s = self._now(), time.monotonic()
        purposes: tuple[Purpose, ...] = ("client", "secc", "secc20")
        for purpose in purposes:
            newest = self._identities(purpose).all()[:1]
            is_late = any(identity.valid_until - now < RENEW_BEFORE for identity in newest)
            if not is_late or purpose in self._asking:
                continue
            if purpose in _FOR_VEHICLES and not self._settings.flag(_FOR_VEHICLES_TOO):
                continue
            if now_s - self._renewed_s.get(purpose, -_RENEW_AGAIN_S) < _RENEW_AGAIN_S:
                continue
            self._renewed_s[purpose] = now_s
            log.info("the %s certificate expires soon; a new one is asked for", purpose)
            if await self.prepare(purpose):
                await self.ask(purpose)

    async def _install(self, purpose: Purpose, waiting: Waiting, answer: str) -> str | None:
        from agent.security.requests import (  # noqa: PLC0415 - memory that few stations need
            ChainRefused,
            check_answer,
        )

        roots = {kind: self._vault.roots.pem(kind) for kind in _HIERARCHIES[purpose]}
        is_20 = purpose == "secc20"
        try:
            certified = await asyncio.to_thread(
                check_answer, waiting, answer, roots, self._now(), is_20=is_20
            )
            for identities in self._installed_as(purpose):
                await asyncio.to_thread(
                    identities.install,
                    waiting.private_key,
                    certified.chain,
                    certified.valid_from,
                    certified.valid_until,
                )
            await asyncio.to_thread(self._identities(purpose).abandon)
        except ChainRefused as refusal:
            await self._events.record("InvalidChargingStationCertificate", str(refusal))  # A02.FR.07
            return str(refusal)
        except KeyStoreError as error:
            log.error("a new certificate was not installed: %s", error)
            return "it cannot be stored"
        return None

    def _identities(self, purpose: Purpose) -> Identities:
        vault = self._vault
        return {
            "client": vault.client,
            "secc": vault.secc,
            "secc20": vault.secc20,
            "combined": vault.combined,
        }[purpose]

    def _installed_as(self, purpose: Purpose) -> tuple[Identities, ...]:
        if purpose == "combined":
            return self._vault.client, self._vault.secc
        return (self._identities(purpose),)
