"""GetPeriodicEventStream of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1


class GetPeriodicEventStreamRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetPeriodicEventStream action."""

    custom_data: Maybe[CustomDataType] = None


class GetPeriodicEventStreamResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetPeriodicEventStream action."""

    constant_stream_data: Maybe[Annotated[tuple[v21.ConstantStreamDataType, ...], ItemsFrom1]] = None
    custom_data: Maybe[CustomDataType] = None
