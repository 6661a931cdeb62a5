"""NotifyEvent of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1, Str36, Str50, Str500, Str2500

EventTriggerEnumType = Literal["Alerting", "Delta", "Periodic"]


class EventDataType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEventRequest."""

    event_id: IntFrom0
    timestamp: Timestamp
    trigger: EventTriggerEnumType
    cause: Maybe[IntFrom0] = None
    actual_value: Str2500
    tech_code: Maybe[Str50] = None
    tech_info: Maybe[Str500] = None
    cleared: Maybe[bool] = None
    transaction_id: Maybe[Str36] = None
    component: v21.ComponentType
    variable_monitoring_id: Maybe[IntFrom0] = None
    event_notification_type: v21.EventNotificationEnumType
    variable: v21.VariableType
    severity: Maybe[IntFrom0] = None
    custom_data: Maybe[CustomDataType] = None


class NotifyEventRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyEvent action."""

    generated_at: Timestamp
    tbc: Maybe[bool] = None
    seq_no: IntFrom0
    event_data: Annotated[tuple[EventDataType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None


class NotifyEventResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyEvent action."""

    custom_data: Maybe[CustomDataType] = None
