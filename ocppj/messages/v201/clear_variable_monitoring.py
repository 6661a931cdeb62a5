"""ClearVariableMonitoring of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1

ClearMonitoringStatusEnumType = Literal["Accepted", "Rejected", "NotFound"]


class ClearMonitoringResultType(Payload, frozen=True, kw_only=True):
    """Part of ClearVariableMonitoringResponse."""

    custom_data: Maybe[CustomDataType] = None
    status: ClearMonitoringStatusEnumType
    id: Integer
    status_info: Maybe[v201.StatusInfoType] = None


class ClearVariableMonitoringRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearVariableMonitoring action."""

    custom_data: Maybe[CustomDataType] = None
    id: Annotated[tuple[Integer, ...], ItemsFrom1]


class ClearVariableMonitoringResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearVariableMonitoring action."""

    custom_data: Maybe[CustomDataType] = None
    clear_monitoring_result: Annotated[tuple[ClearMonitoringResultType, ...], ItemsFrom1]
