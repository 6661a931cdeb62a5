"""BootNotification of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import Str20, Str25, Str50

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

    custom_data: Maybe[CustomDataType] = None
    serial_number: Maybe[Str25] = None
    model: Str20
    modem: Maybe[ModemType] = None
    vendor_name: Str50
    firmware_version: Maybe[Str50] = None


class ModemType(Payload, frozen=True, kw_only=True):
    """Part of BootNotificationRequest."""

    custom_data: Maybe[CustomDataType] = None
    iccid: Maybe[Str20] = None
    imsi: Maybe[Str20] = None


class BootNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the BootNotification action."""

    custom_data: Maybe[CustomDataType] = None
    charging_station: ChargingStationType
    reason: BootReasonEnumType


class BootNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the BootNotification action."""

    custom_data: Maybe[CustomDataType] = None
    current_time: Timestamp
    interval: Integer
    status: RegistrationStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
