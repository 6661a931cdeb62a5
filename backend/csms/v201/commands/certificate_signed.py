"""CertificateSigned (A02, A03): deliver the certificate that a charger asked for."""

from __future__ import annotations

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from ocppj.messages import v201


async def certificate_signed(
    station: Caller,
    chain: str,
    kind: v201.CertificateSigningUseEnumType | None,
    *,
    timeout_s: float | None = None,
) -> v201.CertificateSignedResponse:
    """Hand over a chain (PEM, leaf first)."""
    request = v201.CertificateSignedRequest(certificate_chain=chain, certificate_type=kind)
    return await ask(station, request, v201.CertificateSignedResponse, timeout_s)
