"""How OCPP 1.6's security extension names kinds of certificates, and names one certificate."""

from __future__ import annotations

from certs.hash_data import HashData
from certs.root_files import Kind
from ocppj.messages import v16

ROOTS: dict[v16.CertificateUseEnumType, Kind] = {
    "CentralSystemRootCertificate": "CSMS",
    "ManufacturerRootCertificate": "Manufacturer",
}


def read(named: v16.CertificateHashDataType) -> HashData:
    """Return what names a certificate, as everything else in the agent has it."""
    return HashData(
        algorithm=named.hash_algorithm,
        issuer_name_hash=named.issuer_name_hash,
        issuer_key_hash=named.issuer_key_hash,
        serial_number=named.serial_number,
    )


def write(named: HashData) -> v16.CertificateHashDataType:
    """Return what names a certificate, as this version has it."""
    return v16.CertificateHashDataType(
        hash_algorithm=named.algorithm,
        issuer_name_hash=named.issuer_name_hash,
        issuer_key_hash=named.issuer_key_hash,
        serial_number=named.serial_number,
    )
