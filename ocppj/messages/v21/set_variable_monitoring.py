"""SetVariableMonitoring of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1

SetMonitoringStatusEnumType = Literal[
    "Accepted", "UnknownComponent", "UnknownVariable", "UnsupportedMonitorType", "Rejected", "Duplicate"
]


class SetMonitoringDataType(Payload, frozen=True, kw_only=True):
    """Part of SetVariableMonitoringRequest."""

    id: Maybe[IntFrom0] = None
    periodic_event_stream: Maybe[v21.PeriodicEventStreamParamsType] = None
    transaction: Maybe[bool] = None
    value: float
    type: v21.MonitorEnumType
    severity: IntFrom0
    component: v21.ComponentType
    variable: v21.VariableType
    custom_data: Maybe[CustomDataType] = None


class SetMonitoringResultType(Payload, frozen=True, kw_only=True):
    """Part of SetVariableMonitoringResponse."""

    id: Maybe[IntFrom0] = None
    status_info: Maybe[v21.StatusInfoType] = None
    status: SetMonitoringStatusEnumType
    type: v21.MonitorEnumType
    component: v21.ComponentType
    variable: v21.VariableType
    severity: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class SetVariableMonitoringRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetVariableMonitoring action."""

    set_monitoring_data: Annotated[tuple[SetMonitoringDataType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None


class SetVariableMonitoringResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetVariableMonitoring action."""

    set_monitoring_result: Annotated[tuple[SetMonitoringResultType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None
