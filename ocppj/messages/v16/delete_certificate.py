"""DeleteCertificate of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v16
from ocppj.messages.fields import Payload

DeleteCertificateStatusEnumType = Literal["Accepted", "Failed", "NotFound"]


class DeleteCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the DeleteCertificate action."""

    certificate_hash_data: v16.CertificateHashDataType


class DeleteCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the DeleteCertificate action."""

    status: DeleteCertificateStatusEnumType
