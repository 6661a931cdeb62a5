"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0


class PeriodicEventStreamParamsType(Payload, frozen=True, kw_only=True):
    """Part of AdjustPeriodicEventStreamRequest, GetPeriodicEventStreamResponse and 2 more."""

    interval: Maybe[IntFrom0] = None
    values: Maybe[IntFrom0] = None
    custom_data: Maybe[CustomDataType] = None
