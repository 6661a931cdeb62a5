"""NotifyMonitoringReport of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1


class MonitoringDataType(Payload, frozen=True, kw_only=True):
    """Part of NotifyMonitoringReportRequest."""

    component: v21.ComponentType
    variable: v21.VariableType
    variable_monitoring: Annotated[tuple[VariableMonitoringType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None


class VariableMonitoringType(Payload, frozen=True, kw_only=True):
    """Part of NotifyMonitoringReportRequest."""

    id: IntFrom0
    transaction: bool
    value: float
    type: v21.MonitorEnumType
    severity: IntFrom0
    event_notification_type: v21.EventNotificationEnumType
    custom_data: Maybe[CustomDataType] = None


class NotifyMonitoringReportRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyMonitoringReport action."""

    monitor: Maybe[Annotated[tuple[MonitoringDataType, ...], ItemsFrom1]] = None
    request_id: Integer
    tbc: Maybe[bool] = None
    seq_no: IntFrom0
    generated_at: Timestamp
    custom_data: Maybe[CustomDataType] = None


class NotifyMonitoringReportResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyMonitoringReport action."""

    custom_data: Maybe[CustomDataType] = None
