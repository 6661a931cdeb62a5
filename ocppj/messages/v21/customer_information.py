"""CustomerInformation of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, Str64

CustomerInformationStatusEnumType = Literal["Accepted", "Rejected", "Invalid"]


class CustomerInformationRequest(Payload, frozen=True, kw_only=True):
    """Request of the CustomerInformation action."""

    customer_certificate: Maybe[v21.CertificateHashDataType] = None
    id_token: Maybe[v21.IdTokenType] = None
    request_id: IntFrom0
    report: bool
    clear: bool
    customer_identifier: Maybe[Str64] = None
    custom_data: Maybe[CustomDataType] = None


class CustomerInformationResponse(Payload, frozen=True, kw_only=True):
    """Response of the CustomerInformation action."""

    status: CustomerInformationStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
