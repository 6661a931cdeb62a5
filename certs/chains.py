"""A chain from a certificate to a root that is trusted: built, then held against what its use demands.

Several roots of one name and cross-signed authorities are tried, until one way up breaks no rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from certs.pem import name_of
from certs.profiles import Profile
from certs.rules import (
    Finding,
    Rule,
    check_authority,
    check_dates,
    check_form,
    check_strength,
    check_use,
    is_issued_by,
    why_unreadable,
)

Chain = tuple[x509.Certificate, ...]
_MOST_CERTIFICATES = 10
_MOST_WAYS = 32


@dataclass(frozen=True, slots=True)
class Verdict:
    """What validation found. `chain` is leaf first, root last; empty if no root was reached."""

    chain: Chain
    findings: tuple[Finding, ...]

    @property
    def is_valid(self) -> bool:
        """Whether no rule is broken."""
        return not self.findings

    @property
    def is_unknown(self) -> bool:
        """Whether all that is wrong is that no root for it is installed here."""
        return {finding.rule for finding in self.findings} == {Rule.ISSUER_UNKNOWN}

    def __str__(self) -> str:
        return "; ".join(map(str, self.findings)) or "valid"


def validate(
    bundle: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], profile: Profile, at: datetime
) -> Verdict:
    """Hold a bundle, leaf first and at least that, against a profile at this time. Only `roots` are trusted.

    A root within the bundle is passed over: it says nothing that the installed one does not.
    """
    unreadable = [(one, why) for one in bundle if (why := why_unreadable(one)) is not None]
    if unreadable:
        return Verdict((), tuple(Finding(Rule.UNREADABLE, name_of(one), why) for one, why in unreadable))
    if len(bundle) > _MOST_CERTIFICATES:
        detail = f"{len(bundle)}, at most {_MOST_CERTIFICATES}"
        return Verdict((), (Finding(Rule.TOO_LONG, name_of(bundle[0]), detail),))
    first: Verdict | None = None
    for number, way in enumerate(_ways((bundle[0],), bundle[1:], roots)):
        verdict = Verdict(way, tuple(_check(way, profile, at)))
        if verdict.is_valid or number >= _MOST_WAYS:
            return verdict
        first = first or verdict
    return first or Verdict((), (_why_no_way(bundle, roots), *_check_leaf(bundle[0], profile, at)))


def is_about_key_of(certificate: x509.Certificate, key: object) -> bool:
    """Return whether a certificate is for this public key."""
    return bool(certificate.public_key() == key)


def _ways(
    below: Chain, authorities: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> Iterator[Chain]:
    """Yield every way from the last certificate of `below` up to a root."""
    last = below[-1]
    for root in roots:
        if is_issued_by(last, root):
            yield (*below, root)
    for authority in authorities:
        if authority not in below and authority not in roots and is_issued_by(last, authority):
            yield from _ways((*below, authority), authorities, roots)


def _check(way: Chain, profile: Profile, at: datetime) -> Iterator[Finding]:
    yield from _check_leaf(way[0], profile, at)
    for number, authority in enumerate(way[1:]):
        yield from check_dates(authority, at)
        yield from check_authority(authority, below=number)
        yield from check_strength(authority)
        if authority is not way[-1]:
            yield from check_form(authority, profile)
    if profile.most_below_root is not None and len(way) - 1 > profile.most_below_root:
        detail = f"{len(way) - 1} below the root, at most {profile.most_below_root}"
        yield Finding(Rule.TOO_LONG, name_of(way[0]), detail)


def _check_leaf(leaf: x509.Certificate, profile: Profile, at: datetime) -> Iterator[Finding]:
    yield from check_dates(leaf, at)
    yield from check_strength(leaf)
    yield from check_form(leaf, profile)
    yield from check_use(leaf, profile)


def _why_no_way(bundle: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]) -> Finding:
    """Return where the way up ends, and whether it ends for want of a certificate or at a false signature."""
    last, seen = bundle[0], {bundle[0]}
    while True:
        issuer = next((one for one in bundle if one not in seen and is_issued_by(last, one)), None)
        if issuer is None:
            break
        seen.add(issuer)
        last = issuer
    names = {one.subject for one in (*roots, *bundle) if one is not last}
    if last.issuer in names and last.issuer != last.subject:
        return Finding(Rule.SIGNATURE, name_of(last), last.issuer.rfc4514_string())
    return Finding(Rule.ISSUER_UNKNOWN, name_of(last), last.issuer.rfc4514_string())
