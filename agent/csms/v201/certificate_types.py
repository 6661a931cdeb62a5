"""How this version names kinds of certificates, and names one certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from certs.hash_data import Algorithm, HashData
from certs.root_files import Kind
from ocppj.messages import v201

ROOTS: Mapping[str, Kind] = {
    "CSMSRootCertificate": "CSMS",
    "ManufacturerRootCertificate": "Manufacturer",
    "MORootCertificate": "MO",
    "V2GRootCertificate": "V2G",
}
KINDS: Mapping[str, str] = {
    "CSMS": "CSMSRootCertificate",
    "Manufacturer": "ManufacturerRootCertificate",
    "MO": "MORootCertificate",
    "V2G": "V2GRootCertificate",
    "V2G chain": "V2GCertificateChain",
}


class Named(Protocol):
    """What names a certificate, in whichever version."""

    @property
    def hash_algorithm(self) -> Algorithm:
        """The hash."""

    @property
    def issuer_name_hash(self) -> str:
        """Of the issuer's name."""

    @property
    def issuer_key_hash(self) -> str:
        """Of the issuer's key."""

    @property
    def serial_number(self) -> str:
        """In hexadecimal."""


def read(named: Named) -> HashData:
    """Return what names a certificate, as everything else in the agent has it."""
    return HashData(
        algorithm=named.hash_algorithm,
        issuer_name_hash=named.issuer_name_hash,
        issuer_key_hash=named.issuer_key_hash,
        serial_number=named.serial_number,
    )


def write(named: HashData) -> v201.CertificateHashDataType:
    """Return what names a certificate, as this version has it."""
    return v201.CertificateHashDataType(
        hash_algorithm=named.algorithm,
        issuer_name_hash=named.issuer_name_hash,
        issuer_key_hash=named.issuer_key_hash,
        serial_number=named.serial_number,
    )
