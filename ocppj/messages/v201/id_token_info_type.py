"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import ItemsFrom1, Str8

AuthorizationStatusEnumType = Literal[
    "Accepted",
    "Blocked",
    "ConcurrentTx",
    "Expired",
    "Invalid",
    "NoCredit",
    "NotAllowedTypeEVSE",
    "NotAtThisLocation",
    "NotAtThisTime",
    "Unknown",
]


class IdTokenInfoType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, SendLocalListRequest and 1 more."""

    custom_data: Maybe[CustomDataType] = None
    status: AuthorizationStatusEnumType
    cache_expiry_date_time: Maybe[Timestamp] = None
    charging_priority: Maybe[Integer] = None
    language1: Maybe[Str8] = None
    evse_id: Maybe[Annotated[tuple[Integer, ...], ItemsFrom1]] = None
    group_id_token: Maybe[v201.IdTokenType] = None
    language2: Maybe[Str8] = None
    personal_message: Maybe[v201.MessageContentType] = None
