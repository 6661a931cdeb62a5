"""GetDisplayMessages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1

GetDisplayMessagesStatusEnumType = Literal["Accepted", "Unknown"]


class GetDisplayMessagesRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetDisplayMessages action."""

    custom_data: Maybe[CustomDataType] = None
    id: Maybe[Annotated[tuple[Integer, ...], ItemsFrom1]] = None
    request_id: Integer
    priority: Maybe[v201.MessagePriorityEnumType] = None
    state: Maybe[v201.MessageStateEnumType] = None


class GetDisplayMessagesResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetDisplayMessages action."""

    custom_data: Maybe[CustomDataType] = None
    status: GetDisplayMessagesStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
