"""StatusNotification of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp

ConnectorStatusEnumType = Literal["Available", "Occupied", "Reserved", "Unavailable", "Faulted"]


class StatusNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the StatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
    timestamp: Timestamp
    connector_status: ConnectorStatusEnumType
    evse_id: Integer
    connector_id: Integer


class StatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the StatusNotification action."""

    custom_data: Maybe[CustomDataType] = None
