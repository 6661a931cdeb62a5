"""NotifyCustomerInformation of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, Str512


class NotifyCustomerInformationRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyCustomerInformation action."""

    data: Str512
    tbc: Maybe[bool] = None
    seq_no: IntFrom0
    generated_at: Timestamp
    request_id: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class NotifyCustomerInformationResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyCustomerInformation action."""

    custom_data: Maybe[CustomDataType] = None
