"""DeleteCertificate: the backend has the charge point forget a certificate (security extension, 5.3)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v16.certificates import read
from ocppj.messages import v16

_STATUS: dict[str, v16.DeleteCertificateStatusEnumType] = {"deleted": "Accepted", "not found": "NotFound"}


async def handle(request: v16.DeleteCertificateRequest, context: Context) -> Reply:
    """Accepted once it is gone; Failed for the station's own, and for the root that is in use."""
    outcome = await context.security.certificates.delete(read(request.certificate_hash_data))
    return Reply(v16.DeleteCertificateResponse(status=_STATUS.get(outcome, "Failed")))
