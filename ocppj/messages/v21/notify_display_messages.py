"""NotifyDisplayMessages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1


class NotifyDisplayMessagesRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyDisplayMessages action."""

    message_info: Maybe[Annotated[tuple[v21.MessageInfoType, ...], ItemsFrom1]] = None
    request_id: Integer
    tbc: Maybe[bool] = None
    custom_data: Maybe[CustomDataType] = None


class NotifyDisplayMessagesResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyDisplayMessages action."""

    custom_data: Maybe[CustomDataType] = None
