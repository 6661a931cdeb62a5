"""AdjustPeriodicEventStream of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0


class AdjustPeriodicEventStreamRequest(Payload, frozen=True, kw_only=True):
    """Request of the AdjustPeriodicEventStream action."""

    id: IntFrom0
    params: v21.PeriodicEventStreamParamsType
    custom_data: Maybe[CustomDataType] = None


class AdjustPeriodicEventStreamResponse(Payload, frozen=True, kw_only=True):
    """Response of the AdjustPeriodicEventStream action."""

    status: v21.GenericStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
