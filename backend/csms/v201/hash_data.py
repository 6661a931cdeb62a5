"""What names a certificate, out of messages of OCPP 2.0.1."""

from __future__ import annotations

from certs.hash_data import HashData
from ocppj.messages import v201


def named(data: v201.CertificateHashDataType | v201.OCSPRequestDataType) -> HashData:
    """Return the hashes and the number of a message."""
    return HashData(
        algorithm=data.hash_algorithm,
        issuer_name_hash=data.issuer_name_hash,
        issuer_key_hash=data.issuer_key_hash,
        serial_number=data.serial_number,
    )
