"""NotifyDERStartStop of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import ItemsFrom1To24, Str36


class NotifyDERStartStopRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyDERStartStop action."""

    control_id: Str36
    started: bool
    timestamp: Timestamp
    superseded_ids: Maybe[Annotated[tuple[Str36, ...], ItemsFrom1To24]] = None
    custom_data: Maybe[CustomDataType] = None


class NotifyDERStartStopResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyDERStartStop action."""

    custom_data: Maybe[CustomDataType] = None
