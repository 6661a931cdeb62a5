"""ClearDisplayMessage of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0

ClearMessageStatusEnumType = Literal["Accepted", "Unknown", "Rejected"]


class ClearDisplayMessageRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearDisplayMessage action."""

    id: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class ClearDisplayMessageResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearDisplayMessage action."""

    status: ClearMessageStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
