"""Who the station says it is to the backend, and whom it believes: what to try next, and what worked.

Whatever is new is tried first. What it replaced stays until the new has worked, and is tried in turn with it
if the backend refuses: a station must not lock itself out. Once one of them has worked, the other goes.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from agent.network.profiles import LEAST_PASSWORD_LENGTH
from agent.security.events import EventType, SecurityEvents
from agent.security.passwords import from_store, of_key, to_key, to_store
from agent.security.vault import Vault
from agent.store import facts
from agent.store.database import Database, StoreError
from agent.variables.model import DeviceModel
from certs.identities import Identity
from certs.keystore import KeyStoreError

log = logging.getLogger(__name__)

PASSWORD = "SecurityCtrlr.BasicAuthPassword"  # noqa: S105 - the variable's name
_PREVIOUS = "previous-password"
_HEXADECIMAL = "password-is-hexadecimal"
_MANAGED = "backend-roots-managed"
_MOST_UNEXPLAINED = 3
"""Failures without a reason after which another certificate is tried: some servers say nothing."""


class Trouble(Enum):
    """Why no connection came about, as far as it is about security; the value is the security event."""

    STATION_REFUSED = "FailedToAuthenticateAtCsms"
    BACKEND_CERTIFICATE = "InvalidCsmsCertificate"
    TLS_VERSION = "InvalidTLSVersion"
    CIPHER_SUITE = "InvalidTLSCipherSuite"


class NoCredentials(Exception):
    """The station has nothing to make itself known with under this security profile; says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What the station file says. `roots` is PEM text, None for the system's authorities."""

    password: str = ""
    roots: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What one attempt to connect uses. `roots` is PEM text, None for the system's authorities."""

    security: int
    password: str
    identity: Identity | None
    roots: str | None
    takes_root_below: bool
    """Whether an installed root counts although another one issued it (AdditionalRootCertificateCheck)."""
    has_own_password: bool = False
    """Whether the password is the network profile's own, which has none before it to fall back to."""
    previous_password: bool = False
    verbatim_password: bool = False
    """Whether it is a key of OCPP 1.6 as it was written, not what it stands for."""
    refused_identities: tuple[Identity, ...] = ()
    previous_root: bool = False


class Credentials:
    """The station's password, identities and trusted roots, as its link to the backend needs them."""

    def __init__(
        self,
        vault: Vault,
        database: Database,
        settings: DeviceModel,
        events: SecurityEvents,
        now: Callable[[], datetime],
        own: Own,
    ) -> None:
        """`own` is the station file's; what the backend set or installed takes its place."""
        self._vault = vault
        self._database = database
        self._settings = settings
        self._events = events
        self._now = now
        self._own = own
        self._previous_password: str | None = None
        self._is_managed = False
        self._is_hexadecimal = False
        self._turn = 0
        """How often the backend has refused a password since there is a new one."""
        self._refused: tuple[Identity, ...] = ()
        self._tries_previous_root = False
        self._last_trouble: Trouble | None = None
        self._unexplained = 0
        self.in_use: Login | None = None
        """What the latest connection came about with."""
        self.roots_in_use: frozenset[bytes] = frozenset()
        """The certificates (DER) that the backend's was believed for."""

    async def restore(self) -> None:
        """Take over what was stored, before the first attempt.

        Raises:
            StoreError: If it cannot be read.
        """
        previous = await self._database.read(lambda opened: facts.load(opened, _PREVIOUS))
        self._previous_password = None if previous is None else from_store(previous)
        hexadecimal = await self._database.read(lambda opened: facts.load(opened, _HEXADECIMAL))
        self._is_hexadecimal = hexadecimal is not None
        self._is_managed = await self._database.read(lambda opened: facts.load(opened, _MANAGED)) is not None

    @property
    def password(self) -> str:
        """The password that counts."""
        return self._settings.text(PASSWORD) or self._own.password

    def missing(self, security: int, own_password: str = "") -> str | None:
        """Return what a security profile needs and is not there (A05.FR.03), None if it could be used.

        `own_password` is the network profile's, if it has one.
        """
        if security < 3 and len(own_password or self.password) < LEAST_PASSWORD_LENGTH:
            return f"no password of {LEAST_PASSWORD_LENGTH} characters or more is set"
        if security > 1 and not self._vault.roots.names("CSMS"):
            return "no CSMS root certificate is installed"
        if security == 3 and not self._vault.client.usable(self._now()):
            return "no charging station certificate is installed"
        return None

    def login(self, security: int, own_password: str = "") -> Login:
        """Return what to connect with under a security profile; `own_password` is the network profile's.

        Raises:
            NoCredentials: If there is nothing to connect with.
        """
        identity = self._identity() if security == 3 else None
        is_own = bool(own_password) and security < 3
        passwords = self._passwords()
        password, which = (own_password, "") if is_own else passwords[self._turn % len(passwords)]
        tries_previous_root = self._tries_previous_root and security > 1
        return Login(
            security=security,
            password=password if security < 3 else "",
            identity=identity,
            roots=self._roots(previous=tries_previous_root) if security > 1 else "",
            takes_root_below=self._settings.flag("SecurityCtrlr.AdditionalRootCertificateCheck"),
            has_own_password=is_own,
            previous_password=which == "previous" and security < 3,
            verbatim_password=which == "verbatim" and security < 3,
            refused_identities=self._refused,
            previous_root=tries_previous_root,
        )

    def _passwords(self) -> list[tuple[str, str]]:
        """Return what there is to be tried in turns, and which it is.

        A key of OCPP 1.6 is what it stands for; some backends mean it as it is written.
        """
        found = [(self.password, "")]
        meant = of_key(self.password) if self._is_hexadecimal else None
        if meant is not None:
            found = [(meant, ""), (self.password, "verbatim")]
        if self._previous_password is not None:
            found.append((self._previous_password, "previous"))
        return found

    async def keep_password(self, *, is_hexadecimal: bool = False) -> None:
        """Keep the password there is, before it is changed, to fall back to; of several, the one that worked.

        `is_hexadecimal`: the new one is written as OCPP 1.6 writes it.

        Raises:
            StoreError: If it cannot be stored; then the change must not be made.
        """
        in_use = "" if self.in_use is None else self.in_use.password
        previous = self._previous_password or in_use or self._passwords()[0][0]

        def keep(opened: sqlite3.Connection) -> None:
            if previous:
                facts.save(opened, _PREVIOUS, to_store(previous))
            if is_hexadecimal:
                facts.save(opened, _HEXADECIMAL, "")
            else:
                facts.forget(opened, _HEXADECIMAL)

        await self._database.write(keep)
        self._previous_password = previous or None
        self._is_hexadecimal = is_hexadecimal

    async def password_changed(self) -> None:
        """Write down that there is a new password (A01.FR.11), which is to be tried."""
        self._turn = 0
        await self._events.record("ReconfigurationOfSecurityParameters", "password changed by the backend")

    async def refused(self, login: Login, trouble: Trouble | None, why: str) -> None:
        """Take note that an attempt failed, and try the other one next where there is one.

        A trouble that lasts is written down once.
        """
        if trouble is None:
            self._unexplained += 1
            if login.identity is not None and self._unexplained >= _MOST_UNEXPLAINED:
                self._turn_from(login.identity)
            return
        if trouble is Trouble.STATION_REFUSED:
            if not login.has_own_password:
                self._turn += 1
            if login.identity is not None:
                self._turn_from(login.identity)
        if trouble is Trouble.BACKEND_CERTIFICATE:
            self._tries_previous_root = self._has_previous_root() and not login.previous_root
        if trouble is not self._last_trouble:
            self._last_trouble = trouble
            kind: EventType = trouble.value
            await self._events.record(kind, why)

    async def worked(self, login: Login, roots: frozenset[bytes] = frozenset()) -> None:
        """Take note that a connection came about with these; `roots` are what the backend was believed for.

        What was not used and not needed any more is forgotten, or what turned out not to work.
        """
        self.in_use, self.roots_in_use = login, roots
        self._last_trouble, self._unexplained = None, 0
        self._tries_previous_root = False
        try:
            await self._settle_password(login)
            await self._settle_identities(login)
            await self._settle_roots(login)
        except (StoreError, KeyStoreError) as error:
            log.error("credentials that are no longer used are still there: %s", error)

    def has_newer(self) -> bool:
        """Return whether an identity has become valid that is newer than the one in use (A02.FR.08)."""
        if self.in_use is None or self.in_use.security < 3:
            return False
        return self._vault.client.usable(self._now())[:1] not in ((), (self.in_use.identity,))

    def _identity(self) -> Identity:
        """Return the newest that the backend did not refuse lately; with all refused, begin again."""
        usable = self._vault.client.usable(self._now()) or self._expired()
        if not usable:
            raise NoCredentials("security profile 3 needs a charging station certificate")
        left = [identity for identity in usable if identity not in self._refused]
        if not left:
            self._refused = ()
            return usable[0]
        return left[0]

    def _expired(self) -> tuple[Identity, ...]:
        """Return the newest that has expired: whether it counts is the backend's to say (A00.FR.430)."""
        now = self._now()
        return tuple(one for one in self._vault.client.all() if one.valid_until <= now)[:1]

    def _turn_from(self, identity: Identity) -> None:
        """Try another identity next, if there is one."""
        self._unexplained = 0
        if identity not in self._refused:
            self._refused = (*self._refused, identity)

    def _has_previous_root(self) -> bool:
        """Whether there is something else to believe: a root that was replaced, or the station file's."""
        return bool(self._vault.roots.names("CSMS", fallback=True)) or not self._is_managed

    def _roots(self, *, previous: bool) -> str | None:
        """Return what is believed: the installed roots once there are any and they have worked."""
        installed = self._vault.roots.pem("CSMS", fallback=previous)
        return installed if installed or self._is_managed else self._own.roots

    async def _settle_password(self, login: Login) -> None:
        if login.security == 3 or login.has_own_password:
            return
        previous = self._previous_password if login.previous_password else None
        is_plain = previous is not None or login.verbatim_password
        if self._previous_password is None and not is_plain:
            return
        key = None if previous is None else to_key(previous)
        restored = previous if key is None else key

        def settle(opened: sqlite3.Connection) -> None:
            if restored is not None:
                facts.save_variable(opened, PASSWORD, restored)
            if key is not None:
                facts.save(opened, _HEXADECIMAL, "")
            elif is_plain:
                facts.forget(opened, _HEXADECIMAL)
            facts.forget(opened, _PREVIOUS)

        await self._database.write(settle)
        if restored is not None:
            self._settings.take_over(PASSWORD, restored)
        self._is_hexadecimal = key is not None or (self._is_hexadecimal and not is_plain)
        self._previous_password, self._turn = None, 0
        if previous is None:
            return
        why = "the backend refuses the new password and takes the one before, which is used again"
        await self._events.record("ReconfigurationOfSecurityParameters", why)

    async def _settle_identities(self, login: Login) -> None:
        refused, self._refused = self._refused, ()
        if login.identity is None or not refused:
            return
        for identity in refused:
            if identity.valid_from >= login.identity.valid_from and identity != login.identity:
                await asyncio.to_thread(self._vault.client.discard, identity)
                why = "the backend refuses the new certificate and takes the one before, which is used again"
                await self._events.record("DiscardedRenewedClientCertificate", why)

    async def _settle_roots(self, login: Login) -> None:
        if login.security == 1 or login.previous_root:
            return
        if not self._is_managed and self._vault.roots.names("CSMS"):
            await self._database.write(lambda opened: facts.save(opened, _MANAGED, "true"))
            self._is_managed = True
        if await asyncio.to_thread(self._vault.roots.drop_fallback, "CSMS"):  # M05.FR.13
            why = "the CSMS root certificate that was replaced is deleted: the new one works"
            await self._events.record("ReconfigurationOfSecurityParameters", why)
