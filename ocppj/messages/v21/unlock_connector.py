"""UnlockConnector of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0

UnlockStatusEnumType = Literal["Unlocked", "UnlockFailed", "OngoingAuthorizedTransaction", "UnknownConnector"]


class UnlockConnectorRequest(Payload, frozen=True, kw_only=True):
    """Request of the UnlockConnector action."""

    evse_id: IntFrom0
    connector_id: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class UnlockConnectorResponse(Payload, frozen=True, kw_only=True):
    """Response of the UnlockConnector action."""

    status: UnlockStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
