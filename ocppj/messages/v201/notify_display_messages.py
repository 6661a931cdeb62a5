"""NotifyDisplayMessages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1


class NotifyDisplayMessagesRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyDisplayMessages action."""

    custom_data: Maybe[CustomDataType] = None
    message_info: Maybe[Annotated[tuple[v201.MessageInfoType, ...], ItemsFrom1]] = None
    request_id: Integer
    tbc: Maybe[bool] = None


class NotifyDisplayMessagesResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyDisplayMessages action."""

    custom_data: Maybe[CustomDataType] = None
