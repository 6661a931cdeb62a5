"""GetCertificateStatus of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str18000

GetCertificateStatusEnumType = Literal["Accepted", "Failed"]


class GetCertificateStatusRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetCertificateStatus action."""

    ocsp_request_data: v21.OCSPRequestDataType
    custom_data: Maybe[CustomDataType] = None


class GetCertificateStatusResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetCertificateStatus action."""

    status: GetCertificateStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    ocsp_result: Maybe[Str18000] = None
    custom_data: Maybe[CustomDataType] = None
