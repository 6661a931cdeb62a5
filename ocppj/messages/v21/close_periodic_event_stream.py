"""ClosePeriodicEventStream of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0


class ClosePeriodicEventStreamRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClosePeriodicEventStream action."""

    id: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class ClosePeriodicEventStreamResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClosePeriodicEventStream action."""

    custom_data: Maybe[CustomDataType] = None
