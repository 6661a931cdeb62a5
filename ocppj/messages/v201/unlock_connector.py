"""UnlockConnector of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

UnlockStatusEnumType = Literal["Unlocked", "UnlockFailed", "OngoingAuthorizedTransaction", "UnknownConnector"]


class UnlockConnectorRequest(Payload, frozen=True, kw_only=True):
    """Request of the UnlockConnector action."""

    custom_data: Maybe[CustomDataType] = None
    evse_id: Integer
    connector_id: Integer


class UnlockConnectorResponse(Payload, frozen=True, kw_only=True):
    """Response of the UnlockConnector action."""

    custom_data: Maybe[CustomDataType] = None
    status: UnlockStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
