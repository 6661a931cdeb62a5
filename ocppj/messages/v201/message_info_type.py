"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import Str36


class MessageInfoType(Payload, frozen=True, kw_only=True):
    """Part of NotifyDisplayMessagesRequest, SetDisplayMessageRequest."""

    custom_data: Maybe[CustomDataType] = None
    display: Maybe[v201.ComponentType] = None
    id: Integer
    priority: v201.MessagePriorityEnumType
    state: Maybe[v201.MessageStateEnumType] = None
    start_date_time: Maybe[Timestamp] = None
    end_date_time: Maybe[Timestamp] = None
    transaction_id: Maybe[Str36] = None
    message: v201.MessageContentType
