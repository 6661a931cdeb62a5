"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str20, Str512


class StatusInfoType(Payload, frozen=True, kw_only=True):
    """Part of BootNotificationResponse, CancelReservationResponse and 40 more."""

    custom_data: Maybe[CustomDataType] = None
    reason_code: Str20
    additional_info: Maybe[Str512] = None
