"""DeleteCertificate of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload

DeleteCertificateStatusEnumType = Literal["Accepted", "Failed", "NotFound"]


class DeleteCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the DeleteCertificate action."""

    certificate_hash_data: v21.CertificateHashDataType
    custom_data: Maybe[CustomDataType] = None


class DeleteCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the DeleteCertificate action."""

    status: DeleteCertificateStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
