"""GetCertificateStatus of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str5500

GetCertificateStatusEnumType = Literal["Accepted", "Failed"]


class GetCertificateStatusRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetCertificateStatus action."""

    custom_data: Maybe[CustomDataType] = None
    ocsp_request_data: v201.OCSPRequestDataType


class GetCertificateStatusResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetCertificateStatus action."""

    custom_data: Maybe[CustomDataType] = None
    status: GetCertificateStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
    ocsp_result: Maybe[Str5500] = None
