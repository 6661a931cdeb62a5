"""ClearDisplayMessage of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

ClearMessageStatusEnumType = Literal["Accepted", "Unknown"]


class ClearDisplayMessageRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearDisplayMessage action."""

    custom_data: Maybe[CustomDataType] = None
    id: Integer


class ClearDisplayMessageResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearDisplayMessage action."""

    custom_data: Maybe[CustomDataType] = None
    status: ClearMessageStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
