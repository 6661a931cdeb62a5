"""What is installed: comes in, is listed, goes out. This module costs memory; import it when it is needed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from agent.security.vault import MOST_ROOTS, Vault
from certs.chains import Chain
from certs.hash_data import Algorithm, HashData
from certs.hashing import hash_data, pairs
from certs.identities import Identities, Identity
from certs.pem import read_bundle, read_one
from certs.root_files import KINDS, Kind
from certs.roots import Roots
from certs.rules import is_issued_by

Deletion = Literal["deleted", "in use", "own certificate", "not found"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One root, or the V2G chain (`kind` "V2G chain") with the authorities between it and its root."""

    kind: Kind | Literal["V2G chain"]
    named: HashData
    below: tuple[HashData, ...] = ()


class Installed:
    """The certificates in the vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._roots = Roots(vault.roots, MOST_ROOTS)

    def install(self, kind: Kind, pem: str, at: datetime, *, is_vouched_for: bool) -> None:
        """Trust a root; one that must be vouched for takes the place of the one that signed it (M05.FR.10).

        Raises:
            NotACertificate: If the text is none.
            RootRefused: If it is no root, not valid, or not vouched for.
            StoreFull: If there is no room.
            KeyStoreError: If it cannot be stored.
        """
        certificate = read_one(pem)
        if is_vouched_for:
            self._roots.replace(kind, certificate, at)
        else:
            self._roots.install(kind, certificate, at)

    def listed(self, kinds: Collection[Kind], *, with_v2g_chain: bool) -> tuple[Listed, ...]:
        """Return the roots of these kinds, and the chain that vehicles see (M03.FR.05).

        Raises:
            KeyStoreError: If they cannot be read.
        """
        roots = [
            Listed(kind=root.kind, named=hash_data(root.certificate, root.issuer))
            for root in self._roots.all(kinds)
        ]
        chains = self._v2g_chains() if with_v2g_chain else {}
        return (*roots, *(_listed_chain(chain) for chain in chains.values()))

    def delete(self, named: HashData, in_use: Collection[bytes]) -> Deletion:
        """Delete what is named so; `in_use` are the roots (DER) that the link to the backend depends on.

        Raises:
            KeyStoreError: If it cannot be deleted.
        """
        for root in self._roots.all(KINDS):
            if _is(named, root.certificate, root.issuer):
                if root.kind == "CSMS" and root.certificate.public_bytes(Encoding.DER) in in_use:
                    return "in use"
                self._roots.delete(root)
                return "deleted"
        for chain in self._chains(self._vault.client, "CSMS").values():
            if _is(named, chain[0], chain[min(1, len(chain) - 1)]):
                return "own certificate"
        for identity, chain in self._v2g_chains().items():
            if _is(named, chain[0], chain[min(1, len(chain) - 1)]):
                self._vault.secc.discard(identity)  # whichever purpose it is for: its file says it
                return "deleted"
        return "not found"

    def _v2g_chains(self) -> dict[Identity, Chain]:
        return {**self._chains(self._vault.secc, "V2G"), **self._chains(self._vault.secc20, "V2G")}

    def _chains(self, identities: Identities, kind: Kind) -> dict[Identity, Chain]:
        """Return every identity's chain, up to its root if that is still installed."""
        roots = self._roots.trusted(kind)
        found: dict[Identity, Chain] = {}
        for identity in identities.all():
            chain = read_bundle(identities.chain(identity))
            found[identity] = (*chain, *[root for root in roots if is_issued_by(chain[-1], root)][:1])
        return found


def _listed_chain(chain: Chain) -> Listed:
    """Return a chain without its root, which is listed by itself."""
    named = [hash_data(certificate, issuer) for certificate, issuer in pairs(chain)]
    below_root = named if chain[-1].subject != chain[-1].issuer else named[:-1]
    return Listed(kind="V2G chain", named=below_root[0], below=tuple(below_root[1:5]))


def _is(named: HashData, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    algorithm: Algorithm = named.algorithm
    return hash_data(certificate, issuer, algorithm).names(named)
