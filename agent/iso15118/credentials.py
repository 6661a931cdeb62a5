"""What the charger can show to vehicles in TLS, and which of it a vehicle is shown. No IO.

ISO 15118-2 has chains of P-256 keys and TLS 1.2, ISO 15118-20 has P-521 or Ed448 and TLS 1.3. A vehicle that
speaks both says so in its ClientHello, and there it names the roots that it knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from agent.iso15118.client_hello import TLS_12, TLS_13, AuthorityForm, ClientHello
from certs.chains import Chain
from certs.key_kinds import Key, kind_of

Version = Literal["TLS 1.2", "TLS 1.3"]
KINDS_20: Final = frozenset({"P-521", "Ed448"})

_SCHEMES: Final = {"P-256": 0x0403, "P-384": 0x0503, "P-521": 0x0603, "Ed448": 0x0808}
"""SignatureScheme by the kind of key (RFC 8446, 4.2.3)."""
_FORMS: Final[tuple[AuthorityForm, ...]] = ("name", "certificate SHA-1", "key SHA-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key with its chain, leaf first and root last, and the authority's word on the leaf (OCSP, DER)."""

    key: Key
    chain: Chain
    staple: bytes | None = None

    @property
    def kind(self) -> str:
        """The kind of its key."""
        return kind_of(self.chain[0].public_key())

    @property
    def is_20(self) -> bool:
        """Whether it is one of ISO 15118-20."""
        return self.kind in KINDS_20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a vehicle is shown, and in which version of TLS; `is_trusted`: by a root that it named."""

    credential: Credential
    version: Version
    is_trusted: bool


def choose(hello: ClientHello, credentials: Sequence[Credential]) -> Shown | None:
    """Return what to show to a vehicle; None if there is nothing that it could take.

    `credentials` are in order of preference. Where the vehicle names no root that is known here, it is shown
    the first that it can read, and decides for itself.
    """
    readable = [one for one in credentials if _is_readable(one, hello)]
    for version, candidates in _ranked(hello, readable):
        for credential in candidates:
            if any(_is_of(credential.chain, one.form, one.value) for one in hello.trusted):
                return Shown(credential=credential, version=version, is_trusted=True)
    for version, candidates in _ranked(hello, readable):
        if candidates:
            return Shown(credential=candidates[0], version=version, is_trusted=False)
    return None


def _ranked(
    hello: ClientHello, credentials: Sequence[Credential]
) -> tuple[tuple[Version, list[Credential]], ...]:
    """Return what can be shown, by version: each version's own chains come first."""
    of_20 = [one for one in credentials if one.is_20]
    of_2 = [one for one in credentials if not one.is_20]
    ranked: list[tuple[Version, list[Credential]]] = []
    if TLS_13 in hello.versions:
        ranked.append(("TLS 1.3", of_20))
    if TLS_12 in hello.versions:
        ranked.append(("TLS 1.2", of_2))
    elif TLS_13 in hello.versions:
        ranked.append(("TLS 1.3", of_2))
    return tuple(ranked)


def _is_readable(credential: Credential, hello: ClientHello) -> bool:
    """Return whether the vehicle knows the signatures of such a key; one that names none knows P-256."""
    return not hello.signatures or _SCHEMES.get(credential.kind) in hello.signatures


def _is_of(chain: Chain, form: AuthorityForm, value: bytes) -> bool:
    return any(_named(one, form) == value for one in chain[1:])


def _named(authority: x509.Certificate, form: AuthorityForm) -> bytes:
    """Return how a vehicle names an authority. SHA-1 is the protocol's, and nothing rests on it here."""
    if form == "name":
        return authority.subject.public_bytes()
    if form == "certificate SHA-1":
        return authority.fingerprint(hashes.SHA1())  # noqa: S303 - as RFC 6066 has it
    return x509.SubjectKeyIdentifier.from_public_key(authority.public_key()).digest
