"""TriggerMessage of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str50

MessageTriggerEnumType = Literal[
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargingStationCertificate",
    "SignV2GCertificate",
    "SignV2G20Certificate",
    "StatusNotification",
    "TransactionEvent",
    "SignCombinedCertificate",
    "PublishFirmwareStatusNotification",
    "CustomTrigger",
]
TriggerMessageStatusEnumType = Literal["Accepted", "Rejected", "NotImplemented"]


class TriggerMessageRequest(Payload, frozen=True, kw_only=True):
    """Request of the TriggerMessage action."""

    evse: Maybe[v21.EVSEType] = None
    requested_message: MessageTriggerEnumType
    custom_trigger: Maybe[Str50] = None
    custom_data: Maybe[CustomDataType] = None


class TriggerMessageResponse(Payload, frozen=True, kw_only=True):
    """Response of the TriggerMessage action."""

    status: TriggerMessageStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
