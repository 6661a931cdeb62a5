"""DeleteCertificate of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload

DeleteCertificateStatusEnumType = Literal["Accepted", "Failed", "NotFound"]


class DeleteCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the DeleteCertificate action."""

    custom_data: Maybe[CustomDataType] = None
    certificate_hash_data: v201.CertificateHashDataType


class DeleteCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the DeleteCertificate action."""

    custom_data: Maybe[CustomDataType] = None
    status: DeleteCertificateStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
