"""CertificateSigned: the backend delivers what the station asked for with SignCertificate (A02, A03)."""

from __future__ import annotations

from agent.csms.dialect import After, Context, Reply
from agent.csms.v201 import sign_certificate
from agent.security.signing import Purpose
from ocppj.messages import v201


async def handle(request: v201.CertificateSignedRequest, context: Context) -> Reply:
    """Take the chain if it is right, and connect anew with it where the link depends on it."""
    purpose = sign_certificate.purpose(request.certificate_type)
    return await take(request.certificate_chain, purpose, context)


async def take(chain: str, purpose: Purpose | None, context: Context) -> Reply:
    """Take a chain (PEM) if it is right; without a purpose, for what was asked for."""
    why = await context.security.signer.take(chain, purpose)
    if why is not None:
        return refuse(why)
    after: After | None = context.reconnect if context.security.credentials.has_newer() else None
    return Reply(v201.CertificateSignedResponse(status="Accepted"), after)


def refuse(why: str) -> Reply:
    """Return the answer that says why not."""
    info = v201.StatusInfoType(reason_code="InvalidCertificate", additional_info=why[:512])
    return Reply(v201.CertificateSignedResponse(status="Rejected", status_info=info))
