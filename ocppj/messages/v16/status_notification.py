"""StatusNotification of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import Str50, Str255

ChargePointErrorCode = Literal[
    "ConnectorLockFailure",
    "EVCommunicationError",
    "GroundFailure",
    "HighTemperature",
    "InternalError",
    "LocalListConflict",
    "NoError",
    "OtherError",
    "OverCurrentFailure",
    "PowerMeterFailure",
    "PowerSwitchFailure",
    "ReaderFailure",
    "ResetFailure",
    "UnderVoltage",
    "OverVoltage",
    "WeakSignal",
]
ChargePointStatus = Literal[
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEVSE",
    "SuspendedEV",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
]


class StatusNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the StatusNotification action."""

    connector_id: Integer
    error_code: ChargePointErrorCode
    info: Maybe[Str50] = None
    status: ChargePointStatus
    timestamp: Maybe[Timestamp] = None
    vendor_id: Maybe[Str255] = None
    vendor_error_code: Maybe[Str50] = None


class StatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the StatusNotification action."""
