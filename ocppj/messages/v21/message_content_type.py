"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str8, Str1024

MessageFormatEnumType = Literal["ASCII", "HTML", "URI", "UTF8", "QRCODE"]


class MessageContentType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 5 more."""

    format: MessageFormatEnumType
    language: Maybe[Str8] = None
    content: Str1024
    custom_data: Maybe[CustomDataType] = None
