"""VatNumberValidation of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, Str20


class VatNumberValidationRequest(Payload, frozen=True, kw_only=True):
    """Request of the VatNumberValidation action."""

    vat_number: Str20
    evse_id: Maybe[IntFrom0] = None
    custom_data: Maybe[CustomDataType] = None


class VatNumberValidationResponse(Payload, frozen=True, kw_only=True):
    """Response of the VatNumberValidation action."""

    company: Maybe[v21.AddressType] = None
    status_info: Maybe[v21.StatusInfoType] = None
    vat_number: Str20
    evse_id: Maybe[IntFrom0] = None
    status: v21.GenericStatusEnumType
    custom_data: Maybe[CustomDataType] = None
