"""ClearCache of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload

ClearCacheStatusEnumType = Literal["Accepted", "Rejected"]


class ClearCacheRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearCache action."""

    custom_data: Maybe[CustomDataType] = None


class ClearCacheResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearCache action."""

    status: ClearCacheStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
