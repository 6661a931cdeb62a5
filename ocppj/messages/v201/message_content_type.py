"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str8, Str512

MessageFormatEnumType = Literal["ASCII", "HTML", "URI", "UTF8"]


class MessageContentType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, NotifyDisplayMessagesRequest and 3 more."""

    custom_data: Maybe[CustomDataType] = None
    format: MessageFormatEnumType
    language: Maybe[Str8] = None
    content: Str512
