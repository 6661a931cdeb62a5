"""GetDisplayMessages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1

GetDisplayMessagesStatusEnumType = Literal["Accepted", "Unknown"]


class GetDisplayMessagesRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetDisplayMessages action."""

    id: Maybe[Annotated[tuple[IntFrom0, ...], ItemsFrom1]] = None
    request_id: Integer
    priority: Maybe[v21.MessagePriorityEnumType] = None
    state: Maybe[v21.MessageStateEnumType] = None
    custom_data: Maybe[CustomDataType] = None


class GetDisplayMessagesResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetDisplayMessages action."""

    status: GetDisplayMessagesStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
