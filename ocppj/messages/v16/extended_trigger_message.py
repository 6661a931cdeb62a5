"""ExtendedTriggerMessage of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Maybe, Payload

MessageTriggerEnumType = Literal[
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargePointCertificate",
    "StatusNotification",
]
TriggerMessageStatusEnumType = Literal["Accepted", "Rejected", "NotImplemented"]


class ExtendedTriggerMessageRequest(Payload, frozen=True, kw_only=True):
    """Request of the ExtendedTriggerMessage action."""

    requested_message: MessageTriggerEnumType
    connector_id: Maybe[Integer] = None


class ExtendedTriggerMessageResponse(Payload, frozen=True, kw_only=True):
    """Response of the ExtendedTriggerMessage action."""

    status: TriggerMessageStatusEnumType
