"""OpenPeriodicEventStream of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload


class OpenPeriodicEventStreamRequest(Payload, frozen=True, kw_only=True):
    """Request of the OpenPeriodicEventStream action."""

    constant_stream_data: v21.ConstantStreamDataType
    custom_data: Maybe[CustomDataType] = None


class OpenPeriodicEventStreamResponse(Payload, frozen=True, kw_only=True):
    """Response of the OpenPeriodicEventStream action."""

    status: v21.GenericStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
