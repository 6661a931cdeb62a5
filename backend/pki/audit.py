"""Which roots a charger should have, and which it has (OCPP 2.0.1 M03). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from cryptography import x509

from backend.pki.directory import Authorities
from certs.hash_data import HashData
from certs.hashing import hash_data
from certs.pem import name_of, write_bundle
from certs.root_files import Kind

RootType = Literal[
    "CSMSRootCertificate", "V2GRootCertificate", "MORootCertificate", "ManufacturerRootCertificate"
]
TYPES: dict[Kind, RootType] = {
    "CSMS": "CSMSRootCertificate",
    "V2G": "V2GRootCertificate",
    "MO": "MORootCertificate",
    "Manufacturer": "ManufacturerRootCertificate",
}
"""OCPP's names for the roots that chargers keep."""
SigningUse = Literal["ChargingStationCertificate", "V2GCertificate", "Combined"]
"""What a charger has certificates for; "Combined" is one for both."""
Verdict = Literal["present", "missing", "unexpected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A certificate that a charger says it has; `type` is GetCertificateIdUseEnumType."""

    type: str
    named: HashData


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A root that chargers should have."""

    type: RootType
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate as it is installed."""
        return write_bundle((self.certificate,))

    def is_named(self, named: HashData) -> bool:
        """Return whether hashes, made with whatever algorithm, name this root."""
        return hash_data(self.certificate, self.certificate, named.algorithm).names(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A root, and how things stand with it. `subject` is "" for one that we do not know."""

    verdict: Verdict
    type: str
    subject: str
    named: HashData


def wanted(authorities: Authorities) -> tuple[Wanted, ...]:
    """Return the roots in the PKI directory that chargers should have."""
    return tuple(
        Wanted(type=type_, certificate=root)
        for kind, type_ in TYPES.items()
        for root in authorities.roots(kind)
    )


def compare(should: Sequence[Wanted], has: Iterable[Installed]) -> tuple[Finding, ...]:
    """Return what is missing, what is there and should be, and what else is there.

    A charger's own chains are not roots, and are left out.
    """
    roots = [one for one in has if one.type in TYPES.values()]
    findings = []
    for one in should:
        is_there = any(one.type == root.type and one.is_named(root.named) for root in roots)
        findings.append(
            Finding(
                verdict="present" if is_there else "missing",
                type=one.type,
                subject=name_of(one.certificate),
                named=hash_data(one.certificate, one.certificate),
            )
        )
    findings += [
        Finding(verdict="unexpected", type=root.type, subject="", named=root.named)
        for root in roots
        if not any(one.type == root.type and one.is_named(root.named) for one in should)
    ]
    return tuple(findings)
