"""SendLocalList of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1

SendLocalListStatusEnumType = Literal["Accepted", "Failed", "VersionMismatch"]
UpdateEnumType = Literal["Differential", "Full"]


class AuthorizationData(Payload, frozen=True, kw_only=True):
    """Part of SendLocalListRequest."""

    custom_data: Maybe[CustomDataType] = None
    id_token: v201.IdTokenType
    id_token_info: Maybe[v201.IdTokenInfoType] = None


class SendLocalListRequest(Payload, frozen=True, kw_only=True):
    """Request of the SendLocalList action."""

    custom_data: Maybe[CustomDataType] = None
    local_authorization_list: Maybe[Annotated[tuple[AuthorizationData, ...], ItemsFrom1]] = None
    version_number: Integer
    update_type: UpdateEnumType


class SendLocalListResponse(Payload, frozen=True, kw_only=True):
    """Response of the SendLocalList action."""

    custom_data: Maybe[CustomDataType] = None
    status: SendLocalListStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
