"""Which of the holder's identities to show: the newest that whoever trusts these roots will believe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from certs.chains import Chain, Verdict, validate
from certs.identities import Identities, Identity
from certs.pem import NotACertificate, read_bundle
from certs.profiles import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An identity with its chain up to the root; `passed_over` are newer ones, with what is wrong."""

    identity: Identity | None
    chain: Chain = ()
    passed_over: tuple[tuple[Identity, Verdict | NotACertificate], ...] = ()


def choose(
    identities: Identities, roots: Sequence[x509.Certificate], profile: Profile, at: datetime
) -> Choice:
    """Return the newest identity whose chain holds, so that one whose root has gone is fallen back from.

    Raises:
        KeyStoreError: If the identities cannot be read.
    """
    passed_over: list[tuple[Identity, Verdict | NotACertificate]] = []
    for identity in identities.usable(at):
        try:
            verdict = validate(read_bundle(identities.chain(identity)), roots, profile, at)
        except NotACertificate as error:
            passed_over.append((identity, error))
            continue
        if verdict.is_valid:
            return Choice(identity=identity, chain=verdict.chain, passed_over=tuple(passed_over))
        passed_over.append((identity, verdict))
    return Choice(identity=None, passed_over=tuple(passed_over))
