"""Which keys and roots the server of conversations has for TLS: the port, and the one over the vault.

They are read anew for each connection, so that what the backend installs is used at once (A02, M05).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from agent.iso15118.credentials import KINDS_20, Credential
from agent.iso15118.tls import VehicleRoots
from agent.security.vault import Vault
from agent.store.database import StoreError
from certs.chains import is_about_key_of, validate
from certs.identities import Identities, Identity
from certs.key_kinds import Key, kind_of
from certs.keystore import KeyStoreError
from certs.pem import NotACertificate, read_bundle
from certs.profiles import SECC, SECC_20
from certs.root_files import Kind

log = logging.getLogger(__name__)

StapleOf = Callable[[x509.Certificate], Awaitable[bytes | None]]
"""Returns what the authority says of a certificate (OCSP, DER); None if it is not known."""


class Keyring(Protocol):
    """Keys and roots. Nothing here raises: what cannot be read is not there, and is logged."""

    def has_any(self) -> bool:
        """Return, quickly, whether TLS can be offered at all."""

    async def credentials(self) -> tuple[Credential, ...]:
        """Return what can be shown to vehicles, what is preferred first."""

    async def vehicle_roots(self) -> VehicleRoots | None:
        """Return where vehicles' certificates must come from (-20); None while none can be judged."""


class Clock(Protocol):
    """The station's clock."""

    def now(self) -> datetime:
        """Return the time, as far as it is known."""

    @property
    def is_known(self) -> bool:
        """Whether it is."""


class Unusable(Exception):
    """An identity that cannot be shown; says why."""


class VaultKeyring:
    """What the station's vault has. Of several chains the newest is preferred."""

    def __init__(self, vault: Vault, staple_of: StapleOf, clock: Clock) -> None:
        self._vault = vault
        self._staple_of = staple_of
        self._clock = clock
        self._told: set[str] = set()

    def has_any(self) -> bool:
        """Return whether there is a chain whose time is now."""
        return any(self._timely(identities) for identities in self._every())

    async def credentials(self) -> tuple[Credential, ...]:
        """Return every chain that holds, with its staple."""
        found = await asyncio.to_thread(lambda: tuple(self._read()))
        return tuple([replace(one, staple=await self._staple(one)) for one in found])

    async def vehicle_roots(self) -> VehicleRoots | None:
        """Return the OEM roots, and those of V2G, which may be above vehicles, too."""
        roots = (*await asyncio.to_thread(self._roots, "OEM"), *await asyncio.to_thread(self._roots, "V2G"))
        if not roots:
            return None
        return VehicleRoots(roots=roots, at=self._clock.now(), clock_is_trusted=self._clock.is_known)

    def _every(self) -> tuple[Identities, ...]:
        return (self._vault.secc20, self._vault.secc)

    def _timely(self, identities: Identities) -> tuple[Identity, ...]:
        """Return the identities whose time is now; all of them while nobody knows the time."""
        return identities.usable(self._clock.now()) if self._clock.is_known else identities.all()

    def _read(self) -> Iterator[Credential]:
        roots = self._roots("V2G")
        for identities in self._every():
            for identity in self._timely(identities):
                try:
                    yield self._credential(identities, identity, roots)
                except (Unusable, KeyStoreError, NotACertificate) as error:
                    self._tell(f"{identity.file} is not shown to vehicles: {error}")

    def _credential(
        self, identities: Identities, identity: Identity, roots: tuple[x509.Certificate, ...]
    ) -> Credential:
        bundle, key = read_bundle(identities.chain(identity)), _key(identities.key(identity))
        if not is_about_key_of(bundle[0], key.public_key()):
            raise Unusable("the key is another one")
        profile = SECC_20 if kind_of(bundle[0].public_key()) in KINDS_20 else SECC
        verdict = validate(bundle, roots, profile, self._clock.now(), is_clock_trusted=self._clock.is_known)
        if not verdict.is_valid and not verdict.is_only_about_time:
            raise Unusable(str(verdict))
        return Credential(key=key, chain=verdict.chain)

    async def _staple(self, credential: Credential) -> bytes | None:
        try:
            return await self._staple_of(credential.chain[0])
        except (StoreError, KeyStoreError) as error:
            self._tell(f"no status is shown to vehicles: {error}")
            return None

    def _roots(self, kind: Kind) -> tuple[x509.Certificate, ...]:
        try:
            text = self._vault.roots.pem(kind)
            return read_bundle(text) if text else ()
        except (KeyStoreError, NotACertificate) as error:
            self._tell(f"{kind} roots: {error}")
            return ()

    def _tell(self, problem: str) -> None:
        """Log a problem once: it is met at every connection."""
        if problem not in self._told:
            self._told.add(problem)
            log.warning("%s", problem)


def _key(block: str) -> Key:
    if "PKCS#11" in block:
        raise Unusable("its key is in a token, which TLS with vehicles cannot use")
    try:
        key = load_pem_private_key(block.encode("ascii"), password=None)
    except ValueError as error:
        raise Unusable(f"its key cannot be read: {error}") from error
    if not isinstance(key, Key):
        raise Unusable("its key is of a kind that TLS does not sign with")
    return key
