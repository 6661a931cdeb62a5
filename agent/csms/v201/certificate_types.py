"""How this version names kinds of certificates, and names one certificate."""

from __future__ import annotations

from certs.hash_data import HashData
from certs.root_files import Kind
from ocppj.messages import v201

ROOTS: dict[v201.InstallCertificateUseEnumType, Kind] = {
    "CSMSRootCertificate": "CSMS",
    "ManufacturerRootCertificate": "Manufacturer",
    "MORootCertificate": "MO",
    "V2GRootCertificate": "V2G",
}
KINDS: dict[str, v201.GetCertificateIdUseEnumType] = {
    "CSMS": "CSMSRootCertificate",
    "Manufacturer": "ManufacturerRootCertificate",
    "MO": "MORootCertificate",
    "V2G": "V2GRootCertificate",
    "V2G chain": "V2GCertificateChain",
}


def read(named: v201.CertificateHashDataType) -> HashData:
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
