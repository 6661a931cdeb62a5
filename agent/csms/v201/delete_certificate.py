"""DeleteCertificate: the backend has the station forget a certificate (M04)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v201.certificate_types import read
from ocppj.messages import v201

_STATUS: dict[str, v201.DeleteCertificateStatusEnumType] = {"deleted": "Accepted", "not found": "NotFound"}
_REASONS = {
    "in use": ("InUse", "the link to the backend depends on it"),
    "own certificate": ("NotAllowed", "the charging station's own certificate is not deleted over OCPP"),
    "failed": ("InternalError", "it cannot be deleted"),
}


async def handle(request: v201.DeleteCertificateRequest, context: Context) -> Reply:
    """Accepted once it is gone; Failed for the station's own, and for the root that is in use."""
    outcome = await context.security.certificates.delete(read(request.certificate_hash_data))
    status = _STATUS.get(outcome, "Failed")
    if outcome not in _REASONS:
        return Reply(v201.DeleteCertificateResponse(status=status))
    code, why = _REASONS[outcome]
    info = v201.StatusInfoType(reason_code=code, additional_info=why)
    return Reply(v201.DeleteCertificateResponse(status=status, status_info=info))
