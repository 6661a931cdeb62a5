"""NotifyMonitoringReport of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import ItemsFrom1


class MonitoringDataType(Payload, frozen=True, kw_only=True):
    """Part of NotifyMonitoringReportRequest."""

    custom_data: Maybe[CustomDataType] = None
    component: v201.ComponentType
    variable: v201.VariableType
    variable_monitoring: Annotated[tuple[VariableMonitoringType, ...], ItemsFrom1]


class VariableMonitoringType(Payload, frozen=True, kw_only=True):
    """Part of NotifyMonitoringReportRequest."""

    custom_data: Maybe[CustomDataType] = None
    id: Integer
    transaction: bool
    value: float
    type: v201.MonitorEnumType
    severity: Integer


class NotifyMonitoringReportRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyMonitoringReport action."""

    custom_data: Maybe[CustomDataType] = None
    monitor: Maybe[Annotated[tuple[MonitoringDataType, ...], ItemsFrom1]] = None
    request_id: Integer
    tbc: Maybe[bool] = None
    seq_no: Integer
    generated_at: Timestamp


class NotifyMonitoringReportResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyMonitoringReport action."""

    custom_data: Maybe[CustomDataType] = None
