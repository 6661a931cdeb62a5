"""CustomerInformation of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import Str64

CustomerInformationStatusEnumType = Literal["Accepted", "Rejected", "Invalid"]


class CustomerInformationRequest(Payload, frozen=True, kw_only=True):
    """Request of the CustomerInformation action."""

    custom_data: Maybe[CustomDataType] = None
    customer_certificate: Maybe[v201.CertificateHashDataType] = None
    id_token: Maybe[v201.IdTokenType] = None
    request_id: Integer
    report: bool
    clear: bool
    customer_identifier: Maybe[Str64] = None


class CustomerInformationResponse(Payload, frozen=True, kw_only=True):
    """Response of the CustomerInformation action."""

    custom_data: Maybe[CustomDataType] = None
    status: CustomerInformationStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
