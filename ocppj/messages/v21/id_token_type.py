"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1, Str20, Str50, Str255


class AdditionalInfoType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeRequest, AuthorizeResponse and 8 more."""

    additional_id_token: Str255
    type: Str50
    custom_data: Maybe[CustomDataType] = None


class IdTokenType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeRequest, AuthorizeResponse and 8 more."""

    additional_info: Maybe[Annotated[tuple[AdditionalInfoType, ...], ItemsFrom1]] = None
    id_token: Str255
    type: Str20
    custom_data: Maybe[CustomDataType] = None
