"""CertificateSigned: the backend delivers what SignCertificate asked for (security extension, 5.2)."""

from __future__ import annotations

import logging

from agent.csms.dialect import After, Context, Reply
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.CertificateSignedRequest, context: Context) -> Reply:
    """Take the chain if it is right, and connect anew with it."""
    why = await context.security.signer.take(request.certificate_chain, "client")
    if why is not None:
        log.warning("the certificate that the backend sent is not used: %s", why)
        return Reply(v16.CertificateSignedResponse(status="Rejected"))
    after: After | None = context.reconnect if context.security.credentials.has_newer() else None
    return Reply(v16.CertificateSignedResponse(status="Accepted"), after)
