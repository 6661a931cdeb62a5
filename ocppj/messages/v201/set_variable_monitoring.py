"""SetVariableMonitoring of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1

SetMonitoringStatusEnumType = Literal[
    "Accepted", "UnknownComponent", "UnknownVariable", "UnsupportedMonitorType", "Rejected", "Duplicate"
]


class SetMonitoringDataType(Payload, frozen=True, kw_only=True):
    """Part of SetVariableMonitoringRequest."""

    custom_data: Maybe[CustomDataType] = None
    id: Maybe[Integer] = None
    transaction: Maybe[bool] = None
    value: float
    type: v201.MonitorEnumType
    severity: Integer
    component: v201.ComponentType
    variable: v201.VariableType


class SetMonitoringResultType(Payload, frozen=True, kw_only=True):
    """Part of SetVariableMonitoringResponse."""

    custom_data: Maybe[CustomDataType] = None
    id: Maybe[Integer] = None
    status_info: Maybe[v201.StatusInfoType] = None
    status: SetMonitoringStatusEnumType
    type: v201.MonitorEnumType
    component: v201.ComponentType
    variable: v201.VariableType
    severity: Integer


class SetVariableMonitoringRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetVariableMonitoring action."""

    custom_data: Maybe[CustomDataType] = None
    set_monitoring_data: Annotated[tuple[SetMonitoringDataType, ...], ItemsFrom1]


class SetVariableMonitoringResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetVariableMonitoring action."""

    custom_data: Maybe[CustomDataType] = None
    set_monitoring_result: Annotated[tuple[SetMonitoringResultType, ...], ItemsFrom1]
