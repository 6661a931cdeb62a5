"""TriggerMessage of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Maybe, Payload

MessageTrigger = Literal[
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "StatusNotification",
]
TriggerMessageStatus = Literal["Accepted", "Rejected", "NotImplemented"]


class TriggerMessageRequest(Payload, frozen=True, kw_only=True):
    """Request of the TriggerMessage action."""

    requested_message: MessageTrigger
    connector_id: Maybe[Integer] = None


class TriggerMessageResponse(Payload, frozen=True, kw_only=True):
    """Response of the TriggerMessage action."""

    status: TriggerMessageStatus
