"""NotifyCustomerInformation of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import Str512


class NotifyCustomerInformationRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyCustomerInformation action."""

    custom_data: Maybe[CustomDataType] = None
    data: Str512
    tbc: Maybe[bool] = None
    seq_no: Integer
    generated_at: Timestamp
    request_id: Integer


class NotifyCustomerInformationResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyCustomerInformation action."""

    custom_data: Maybe[CustomDataType] = None
