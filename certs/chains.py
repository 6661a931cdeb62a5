"""A chain from a certificate to a root that is trusted: built, then held against what its use demands.

Several roots of one name and cross-signed authorities are tried, until one way up breaks no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography import x509

from certs.pem import name_of
from certs.profiles import Profile
from certs.rules import (
    Finding,
    Rule,
    check_authority,
    check_dates,
    check_extensions,
    check_form,
    check_strength,
    check_use,
    check_wishes,
    is_issued_by,
    why_unreadable,
)

Chain = tuple[x509.Certificate, ...]
_ABOUT_TIME = frozenset({Rule.NOT_YET_VALID, Rule.EXPIRED})
_MOST_CERTIFICATES = 10
_MOST_WAYS = 32


@dataclass(frozen=True, slots=True)
class Verdict:
    """What validation found. `chain` is leaf first, root last; empty if no root was reached.

    `warnings` break no rule that counts. `is_clock_trusted` is what the caller said of the time that the
    dates were held against: without a clock, what is said of dates is a guess either way.
    """

    chain: Chain
    findings: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()
    is_clock_trusted: bool = True

    @property
    def is_valid(self) -> bool:
        """Whether no rule is broken."""
        return not self.findings

    @property
    def is_only_about_time(self) -> bool:
        """Whether all that is wrong is dates, as they look from a clock that is not to be trusted."""
        return (
            not self.is_clock_trusted
            and bool(self.findings)
            and all(finding.rule in _ABOUT_TIME for finding in self.findings)
        )

    @property
    def is_unknown(self) -> bool:
        """Whether all that is wrong is that no root for it is installed here."""
        return {finding.rule for finding in self.findings} == {Rule.ISSUER_UNKNOWN}

    def __str__(self) -> str:
        found = "; ".join(map(str, self.findings)) or "valid"
        return found if self.is_clock_trusted else f"{found}; the clock is not to be trusted"


def validate(
    bundle: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    profile: Profile,
    at: datetime,
    *,
    is_clock_trusted: bool = True,
) -> Verdict:
    """Hold a bundle, leaf first and at least that, against a profile at this time. Only `roots` are trusted.

    A root within the bundle is passed over: it says nothing that the installed one does not.
    """
    return replace(_judge(bundle, roots, profile, at), is_clock_trusted=is_clock_trusted)


def is_about_key_of(certificate: x509.Certificate, key: object) -> bool:
    """Return whether a certificate is for this public key."""
    return bool(certificate.public_key() == key)


def _judge(
    bundle: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], profile: Profile, at: datetime
) -> Verdict:
    unreadable = [(one, why) for one in bundle if (why := why_unreadable(one)) is not None]
    if unreadable:
        return Verdict((), tuple(Finding(Rule.UNREADABLE, name_of(one), why) for one, why in unreadable))
    if len(bundle) > _MOST_CERTIFICATES:
        detail = f"{len(bundle)}, at most {_MOST_CERTIFICATES}"
        return Verdict((), (Finding(Rule.TOO_LONG, name_of(bundle[0]), detail),))
    warnings = _placed("leaf", check_wishes(bundle[0], profile))
    first: Verdict | None = None
    for number, way in enumerate(_ways((bundle[0],), bundle[1:], roots)):
        verdict = Verdict(way, tuple(_check(way, profile, at)), warnings)
        if verdict.is_valid or number >= _MOST_WAYS:
            return verdict
        first = first or verdict
    if first is not None:
        return first
    return Verdict((), (_why_no_way(bundle, roots), *_check_leaf(bundle[0], profile, at)), warnings)


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
        found = [
            *check_dates(authority, at),
            *check_authority(authority, below=_count_authorities(way[1 : number + 1])),
            *check_strength(authority),
            *check_extensions(authority),
        ]
        is_root = number == len(way) - 2
        if not is_root:
            found += check_form(authority, profile, is_authority=True)
        yield from _placed("root" if is_root else f"authority {number + 1} above the leaf", found)
    if profile.most_below_root is not None and len(way) - 1 > profile.most_below_root:
        detail = f"{len(way) - 1} below the root, at most {profile.most_below_root}"
        yield Finding(Rule.TOO_LONG, name_of(way[0]), detail)


def _check_leaf(leaf: x509.Certificate, profile: Profile, at: datetime) -> tuple[Finding, ...]:
    found = [
        *check_dates(leaf, at),
        *check_strength(leaf),
        *check_extensions(leaf),
        *check_form(leaf, profile),
        *check_use(leaf, profile),
    ]
    return _placed("leaf", found)


def _placed(place: str, found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(replace(finding, place=place) for finding in found)


def _count_authorities(between: Chain) -> int:
    """Return how many count against a path length (RFC 5280, 4.2.1.9): self-issued ones do not."""
    return sum(one.subject != one.issuer for one in between)


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
