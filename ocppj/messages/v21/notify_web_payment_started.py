"""NotifyWebPaymentStarted of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0


class NotifyWebPaymentStartedRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyWebPaymentStarted action."""

    evse_id: IntFrom0
    timeout: Integer
    custom_data: Maybe[CustomDataType] = None


class NotifyWebPaymentStartedResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyWebPaymentStarted action."""

    custom_data: Maybe[CustomDataType] = None
