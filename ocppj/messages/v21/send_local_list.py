"""SendLocalList of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1

SendLocalListStatusEnumType = Literal["Accepted", "Failed", "VersionMismatch"]
UpdateEnumType = Literal["Differential", "Full"]


class AuthorizationData(Payload, frozen=True, kw_only=True):
    """Part of SendLocalListRequest."""

    id_token: v21.IdTokenType
    id_token_info: Maybe[v21.IdTokenInfoType] = None
    custom_data: Maybe[CustomDataType] = None


class SendLocalListRequest(Payload, frozen=True, kw_only=True):
    """Request of the SendLocalList action."""

    local_authorization_list: Maybe[Annotated[tuple[AuthorizationData, ...], ItemsFrom1]] = None
    version_number: Integer
    update_type: UpdateEnumType
    custom_data: Maybe[CustomDataType] = None


class SendLocalListResponse(Payload, frozen=True, kw_only=True):
    """Response of the SendLocalList action."""

    status: SendLocalListStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
