"""BootNotification of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import Str20, Str25, Str50

BootReasonEnumType = Literal[
    "ApplicationReset",
    "FirmwareUpdate",
    "LocalReset",
    "PowerUp",
    "RemoteReset",
    "ScheduledReset",
    "Triggered",
    "Unknown",
    "Watchdog",
]
RegistrationStatusEnumType = Literal["Accepted", "Pending", "Rejected"]


class ChargingStationType(Payload, frozen=True, kw_only=True):
    """Part of BootNotificationRequest."""

    serial_number: Maybe[Str25] = None
    model: Str20
    modem: Maybe[ModemType] = None
    vendor_name: Str50
    firmware_version: Maybe[Str50] = None
    custom_data: Maybe[CustomDataType] = None


class ModemType(Payload, frozen=True, kw_only=True):
    """Part of BootNotificationRequest."""

    iccid: Maybe[Str20] = None
    imsi: Maybe[Str20] = None
    custom_data: Maybe[CustomDataType] = None


class BootNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the BootNotification action."""

    charging_station: ChargingStationType
    reason: BootReasonEnumType
    custom_data: Maybe[CustomDataType] = None


class BootNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the BootNotification action."""

    current_time: Timestamp
    interval: Integer
    status: RegistrationStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
