"""InstallCertificate: the backend has the station trust a root (M05)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v201.certificate_types import ROOTS
from agent.security.certificates import NotInstalled
from certs.root_files import Kind
from ocppj.messages import v201


async def handle(request: v201.InstallCertificateRequest, context: Context) -> Reply:
    """Accepted once it is durable; Rejected for what is no root or has no room, Failed for a full disk."""
    return await answer(ROOTS[request.certificate_type], request.certificate, context)


async def answer(kind: Kind, certificate: str, context: Context) -> Reply:
    """Install a root (PEM) of a kind, whatever the version calls it."""
    refusal = await context.security.certificates.install(kind, certificate)
    if refusal is None:
        return Reply(v201.InstallCertificateResponse(status="Accepted"))
    return Reply(_refused(refusal))


def _refused(refusal: NotInstalled) -> v201.InstallCertificateResponse:
    status: v201.InstallCertificateStatusEnumType = "Failed" if refusal.what == "failed" else "Rejected"
    reason = {"failed": "InternalError", "no room": "NoMoreSpace", "refused": "InvalidCertificate"}
    info = v201.StatusInfoType(reason_code=reason[refusal.what], additional_info=refusal.why[:512])
    return v201.InstallCertificateResponse(status=status, status_info=info)
