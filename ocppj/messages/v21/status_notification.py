"""StatusNotification of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0

ConnectorStatusEnumType = Literal["Available", "Occupied", "Reserved", "Unavailable", "Faulted"]


class StatusNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the StatusNotification action."""

    timestamp: Timestamp
    connector_status: ConnectorStatusEnumType
    evse_id: IntFrom0
    connector_id: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class StatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the StatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
