"""NotifyPeriodicEventStream of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1, Str2500


class StreamDataElementType(Payload, frozen=True, kw_only=True):
    """Part of NotifyPeriodicEventStream."""

    t: float
    v: Str2500
    custom_data: Maybe[CustomDataType] = None


class NotifyPeriodicEventStream(Payload, frozen=True, kw_only=True):
    """SEND message of the NotifyPeriodicEventStream action."""

    data: Annotated[tuple[StreamDataElementType, ...], ItemsFrom1]
    id: IntFrom0
    pending: IntFrom0
    basetime: Timestamp
    custom_data: Maybe[CustomDataType] = None
