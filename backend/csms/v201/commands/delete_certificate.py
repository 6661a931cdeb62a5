"""DeleteCertificate (M04): take a certificate away from a charger."""

from __future__ import annotations

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from certs.hash_data import HashData
from ocppj.messages import v201


async def delete_certificate(
    station: Caller, named: HashData, *, timeout_s: float | None = None
) -> v201.DeleteCertificateResponse:
    """Delete the certificate that these hashes name."""
    request = v201.DeleteCertificateRequest(
        certificate_hash_data=v201.CertificateHashDataType(
            hash_algorithm=named.algorithm,
            issuer_name_hash=named.issuer_name_hash,
            issuer_key_hash=named.issuer_key_hash,
            serial_number=named.serial_number,
        )
    )
    return await ask(station, request, v201.DeleteCertificateResponse, timeout_s)
