"""CertificateSigned: what 2.1 adds, the number of the request that it answers (A02, A03)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v21 import sign_certificate
from agent.csms.v21.sign_certificate import number
from agent.csms.v201 import certificate_signed
from agent.security.signing import PURPOSES, Purpose, Signer
from ocppj.messages import v21


async def handle(request: v21.CertificateSignedRequest, context: Context) -> Reply:
    """Take the chain if it answers a request of ours (A02.FR.26) and is right."""
    signer, purpose = context.security.signer, sign_certificate.purpose(request.certificate_type)
    if request.request_id is not None:
        purpose = _asked(signer, request.request_id, purpose)
        if purpose is None:
            return certificate_signed.refuse("no certificate was asked for under this requestId")
    return await certificate_signed.take(request.certificate_chain, purpose, context)


def _asked(signer: Signer, request_id: int, purpose: Purpose | None) -> Purpose | None:
    """Return what was asked for under this number."""
    for one in PURPOSES if purpose is None else (purpose,):
        waiting = signer.waiting(one)
        if waiting is not None and number(waiting) == request_id:
            return one
    return None
