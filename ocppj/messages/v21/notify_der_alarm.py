"""NotifyDERAlarm of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import Str200

GridEventFaultEnumType = Literal[
    "CurrentImbalance",
    "LocalEmergency",
    "LowInputPower",
    "OverCurrent",
    "OverFrequency",
    "OverVoltage",
    "PhaseRotation",
    "RemoteEmergency",
    "UnderFrequency",
    "UnderVoltage",
    "VoltageImbalance",
]


class NotifyDERAlarmRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyDERAlarm action."""

    control_type: v21.DERControlEnumType
    grid_event_fault: Maybe[GridEventFaultEnumType] = None
    alarm_ended: Maybe[bool] = None
    timestamp: Timestamp
    extra_info: Maybe[Str200] = None
    custom_data: Maybe[CustomDataType] = None


class NotifyDERAlarmResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyDERAlarm action."""

    custom_data: Maybe[CustomDataType] = None
