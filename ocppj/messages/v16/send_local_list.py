"""SendLocalList of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v16
from ocppj.messages.fields import Integer, Maybe, Payload
from ocppj.messages.v16.bounds import Str20

UpdateStatus = Literal["Accepted", "Failed", "NotSupported", "VersionMismatch"]
UpdateType = Literal["Differential", "Full"]


class AuthorizationData(Payload, frozen=True, kw_only=True):
    """Part of SendLocalListRequest."""

    id_tag: Str20
    id_tag_info: Maybe[v16.IdTagInfo] = None


class SendLocalListRequest(Payload, frozen=True, kw_only=True):
    """Request of the SendLocalList action."""

    list_version: Integer
    local_authorization_list: Maybe[tuple[AuthorizationData, ...]] = None
    update_type: UpdateType


class SendLocalListResponse(Payload, frozen=True, kw_only=True):
    """Response of the SendLocalList action."""

    status: UpdateStatus
