"""CertificateSigned of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import Str10000

CertificateSignedStatusEnumType = Literal["Accepted", "Rejected"]


class CertificateSignedRequest(Payload, frozen=True, kw_only=True):
    """Request of the CertificateSigned action."""

    certificate_chain: Str10000
    certificate_type: Maybe[v21.CertificateSigningUseEnumType] = None
    request_id: Maybe[Integer] = None
    custom_data: Maybe[CustomDataType] = None


class CertificateSignedResponse(Payload, frozen=True, kw_only=True):
    """Response of the CertificateSigned action."""

    status: CertificateSignedStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
