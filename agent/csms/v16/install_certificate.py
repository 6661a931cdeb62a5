"""InstallCertificate: the backend has the charge point trust a root (security extension, 5.6)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v16.certificates import ROOTS
from ocppj.messages import v16


async def handle(request: v16.InstallCertificateRequest, context: Context) -> Reply:
    """Accepted once it is durable; Rejected for what is no root or has no room, Failed for a full disk."""
    kind = ROOTS[request.certificate_type]
    refusal = await context.security.certificates.install(kind, request.certificate)
    if refusal is None:
        return Reply(v16.InstallCertificateResponse(status="Accepted"))
    status: v16.InstallCertificateStatusEnumType = "Failed" if refusal.what == "failed" else "Rejected"
    return Reply(v16.InstallCertificateResponse(status=status))
