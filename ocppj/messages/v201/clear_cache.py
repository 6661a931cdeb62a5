"""ClearCache of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload

ClearCacheStatusEnumType = Literal["Accepted", "Rejected"]


class ClearCacheRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearCache action."""

    custom_data: Maybe[CustomDataType] = None


class ClearCacheResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearCache action."""

    custom_data: Maybe[CustomDataType] = None
    status: ClearCacheStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
