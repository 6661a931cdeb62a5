"""TriggerMessage of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload

MessageTriggerEnumType = Literal[
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargingStationCertificate",
    "SignV2GCertificate",
    "StatusNotification",
    "TransactionEvent",
    "SignCombinedCertificate",
    "PublishFirmwareStatusNotification",
]
TriggerMessageStatusEnumType = Literal["Accepted", "Rejected", "NotImplemented"]


class TriggerMessageRequest(Payload, frozen=True, kw_only=True):
    """Request of the TriggerMessage action."""

    custom_data: Maybe[CustomDataType] = None
    evse: Maybe[v201.EVSEType] = None
    requested_message: MessageTriggerEnumType


class TriggerMessageResponse(Payload, frozen=True, kw_only=True):
    """Response of the TriggerMessage action."""

    custom_data: Maybe[CustomDataType] = None
    status: TriggerMessageStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
