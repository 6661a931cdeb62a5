"""A contract certificate with what came along: is it good, and is it for the contract that was named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cryptography import x509

from certs.chains import Verdict, validate
from certs.emaid import is_same
from certs.key_kinds import kind_of
from certs.pem import name_of
from certs.profiles import CONTRACT, CONTRACT_20, Profile
from certs.rules import Finding, Rule, common_name, why_unreadable


def judge(
    bundle: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    emaid: str,
    at: datetime,
    *,
    is_clock_trusted: bool = True,
) -> Verdict:
    """Hold a contract's bundle, leaf first, against the roots, and the leaf's name against the eMAID.

    Hyphens and case of the eMAID do not count; a wrong check digit is a warning.
    """
    leaf = bundle[0]
    verdict = validate(bundle, roots, _profile_for(leaf), at, is_clock_trusted=is_clock_trusted)
    if is_same(common_name(leaf), emaid):
        return verdict
    wrong = Finding(Rule.OTHER_EMAID, name_of(leaf), f"{emaid} was named", "leaf")
    return replace(verdict, findings=(*verdict.findings, wrong))


def _profile_for(leaf: x509.Certificate) -> Profile:
    """Return the profile of a contract's certificate, by its key: ISO 15118-2 has P-256 and nothing else."""
    if why_unreadable(leaf) is not None:
        return CONTRACT  # any: validation stops at what cannot be read
    return CONTRACT_20 if kind_of(leaf.public_key()) in (CONTRACT_20.keys or ()) else CONTRACT
