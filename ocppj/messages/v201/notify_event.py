"""NotifyEvent of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import ItemsFrom1, Str36, Str50, Str500, Str2500

EventNotificationEnumType = Literal[
    "HardWiredNotification", "HardWiredMonitor", "PreconfiguredMonitor", "CustomMonitor"
]
EventTriggerEnumType = Literal["Alerting", "Delta", "Periodic"]


class EventDataType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEventRequest."""

    custom_data: Maybe[CustomDataType] = None
    event_id: Integer
    timestamp: Timestamp
    trigger: EventTriggerEnumType
    cause: Maybe[Integer] = None
    actual_value: Str2500
    tech_code: Maybe[Str50] = None
    tech_info: Maybe[Str500] = None
    cleared: Maybe[bool] = None
    transaction_id: Maybe[Str36] = None
    component: v201.ComponentType
    variable_monitoring_id: Maybe[Integer] = None
    event_notification_type: EventNotificationEnumType
    variable: v201.VariableType


class NotifyEventRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyEvent action."""

    custom_data: Maybe[CustomDataType] = None
    generated_at: Timestamp
    tbc: Maybe[bool] = None
    seq_no: Integer
    event_data: Annotated[tuple[EventDataType, ...], ItemsFrom1]


class NotifyEventResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyEvent action."""

    custom_data: Maybe[CustomDataType] = None
