"""CertificateSigned of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str10000

CertificateSignedStatusEnumType = Literal["Accepted", "Rejected"]


class CertificateSignedRequest(Payload, frozen=True, kw_only=True):
    """Request of the CertificateSigned action."""

    custom_data: Maybe[CustomDataType] = None
    certificate_chain: Str10000
    certificate_type: Maybe[v201.CertificateSigningUseEnumType] = None


class CertificateSignedResponse(Payload, frozen=True, kw_only=True):
    """Response of the CertificateSigned action."""

    custom_data: Maybe[CustomDataType] = None
    status: CertificateSignedStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
