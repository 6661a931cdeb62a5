"""CertificateSigned: the backend delivers what the station asked for with SignCertificate (A02, A03)."""

from __future__ import annotations

from agent.csms.dialect import After, Context, Reply
from agent.csms.v201 import sign_certificate
from ocppj.messages import v201


async def handle(request: v201.CertificateSignedRequest, context: Context) -> Reply:
    """Take the chain if it is right, and connect anew with it where the link depends on it."""
    purpose = sign_certificate.purpose(request.certificate_type)
    why = await context.security.signer.take(request.certificate_chain, purpose)
    if why is not None:
        info = v201.StatusInfoType(reason_code="InvalidCertificate", additional_info=why[:512])
        return Reply(v201.CertificateSignedResponse(status="Rejected", status_info=info))
    after: After | None = context.reconnect if context.security.credentials.has_newer() else None
    return Reply(v201.CertificateSignedResponse(status="Accepted"), after)
