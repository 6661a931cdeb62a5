"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1, Str36, Str50

IdTokenEnumType = Literal[
    "Central", "eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress", "NoAuthorization"
]


class AdditionalInfoType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeRequest, AuthorizeResponse and 6 more."""

    custom_data: Maybe[CustomDataType] = None
    additional_id_token: Str36
    type: Str50


class IdTokenType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeRequest, AuthorizeResponse and 6 more."""

    custom_data: Maybe[CustomDataType] = None
    additional_info: Maybe[Annotated[tuple[AdditionalInfoType, ...], ItemsFrom1]] = None
    id_token: Str36
    type: IdTokenEnumType
