"""AFRRSignal of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp


class AFRRSignalRequest(Payload, frozen=True, kw_only=True):
    """Request of the AFRRSignal action."""

    timestamp: Timestamp
    signal: Integer
    custom_data: Maybe[CustomDataType] = None


class AFRRSignalResponse(Payload, frozen=True, kw_only=True):
    """Response of the AFRRSignal action."""

    status: v21.GenericStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
