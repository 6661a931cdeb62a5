"""Certificates that end soon, or have ended: the station's own, and the roots it believes its backend by."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from agent.security.vault import Vault
from agent.troubles.trouble import EXPIRED, EXPIRES_SOON, Trouble
from certs.identities import Identities

SOON: Final = timedelta(days=30)
"""As long before the end the station begins to ask for another."""
_OWN: Final = "the station's certificate for its backend"
_SECC: Final = "the station's certificate for vehicles"
_SECC_20: Final = "the station's certificate for vehicles of ISO 15118-20"


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a certificate is good, and what it is called for people."""

    what: str
    until: datetime


def terms(vault: Vault, at: datetime) -> tuple[Term, ...]:
    """Return what is in use; of roots those for the backend. Reads files.

    Raises:
        KeyStoreError: If they cannot be read.
    """
    return (
        *_own(_OWN, vault.client, at),
        *_own(_SECC, vault.secc, at),
        *_own(_SECC_20, vault.secc20, at),
        *_roots(vault.roots.pem("CSMS")),
    )


def troubles(known: tuple[Term, ...], now: datetime) -> Iterator[Trouble]:
    """Yield what is wrong with the terms at this time. Pure."""
    for term in known:
        if term.until < now:
            yield Trouble(term.what, EXPIRED)
        elif term.until < now + SOON:
            yield Trouble(term.what, EXPIRES_SOON)


def _own(what: str, identities: Identities, at: datetime) -> Iterator[Term]:
    """Yield the one in use: of those that are valid the newest, else the newest of all."""
    for identity in (identities.usable(at) or identities.all())[:1]:
        yield Term(what, identity.valid_until)


def _roots(pem: str) -> Iterator[Term]:
    """Yield the roots, as the TLS library reads them: that takes no memory which the link does not."""
    if not pem:
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=pem)
    except ssl.SSLError:
        return  # the link to the backend says so, with the reason
    for root in context.get_ca_certs():
        until_s = ssl.cert_time_to_seconds(str(root["notAfter"]))
        yield Term(f"root certificate {_name(root['subject'])}", datetime.fromtimestamp(until_s, UTC))


def _name(subject: object) -> str:
    """Return the common name, or the first there is, from what `ssl` makes of a name."""
    assert isinstance(subject, tuple)
    pairs = [pair for part in subject for pair in part]
    return str(dict(pairs).get("commonName") or (pairs[0][1] if pairs else "without a name"))
