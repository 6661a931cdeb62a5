"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str20, Str1024


class StatusInfoType(Payload, frozen=True, kw_only=True):
    """Part of AFRRSignalResponse, AdjustPeriodicEventStreamResponse and 59 more."""

    reason_code: Str20
    additional_info: Maybe[Str1024] = None
    custom_data: Maybe[CustomDataType] = None
