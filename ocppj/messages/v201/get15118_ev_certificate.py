"""Get15118EVCertificate of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str50, Str5600, Str7500

CertificateActionEnumType = Literal["Install", "Update"]
Iso15118EVCertificateStatusEnumType = Literal["Accepted", "Failed"]


class Get15118EVCertificateRequest(Payload, frozen=True, kw_only=True):
    """Request of the Get15118EVCertificate action."""

    custom_data: Maybe[CustomDataType] = None
    iso15118_schema_version: Str50
    action: CertificateActionEnumType
    exi_request: Str5600


class Get15118EVCertificateResponse(Payload, frozen=True, kw_only=True):
    """Response of the Get15118EVCertificate action."""

    custom_data: Maybe[CustomDataType] = None
    status: Iso15118EVCertificateStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
    exi_response: Str7500
