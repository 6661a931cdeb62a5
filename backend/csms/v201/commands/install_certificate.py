"""InstallCertificate (M05): give a charger a root to believe."""

from __future__ import annotations

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from ocppj.messages import v201


async def install_certificate(
    station: Caller,
    kind: v201.InstallCertificateUseEnumType,
    pem: str,
    *,
    timeout_s: float | None = None,
) -> v201.InstallCertificateResponse:
    """Install a root (PEM)."""
    request = v201.InstallCertificateRequest(certificate_type=kind, certificate=pem)
    return await ask(station, request, v201.InstallCertificateResponse, timeout_s)
