"""BootNotification of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import Str20, Str25, Str50

RegistrationStatus = Literal["Accepted", "Pending", "Rejected"]


class BootNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the BootNotification action."""

    charge_point_vendor: Str20
    charge_point_model: Str20
    charge_point_serial_number: Maybe[Str25] = None
    charge_box_serial_number: Maybe[Str25] = None
    firmware_version: Maybe[Str50] = None
    iccid: Maybe[Str20] = None
    imsi: Maybe[Str20] = None
    meter_type: Maybe[Str25] = None
    meter_serial_number: Maybe[Str25] = None


class BootNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the BootNotification action."""

    status: RegistrationStatus
    current_time: Timestamp
    interval: Integer
