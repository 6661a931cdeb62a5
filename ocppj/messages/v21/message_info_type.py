"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1To4, Str36


class MessageInfoType(Payload, frozen=True, kw_only=True):
    """Part of NotifyDisplayMessagesRequest, SetDisplayMessageRequest."""

    display: Maybe[v21.ComponentType] = None
    id: IntFrom0
    priority: v21.MessagePriorityEnumType
    state: Maybe[v21.MessageStateEnumType] = None
    start_date_time: Maybe[Timestamp] = None
    end_date_time: Maybe[Timestamp] = None
    transaction_id: Maybe[Str36] = None
    message: v21.MessageContentType
    message_extra: Maybe[Annotated[tuple[v21.MessageContentType, ...], ItemsFrom1To4]] = None
    custom_data: Maybe[CustomDataType] = None
