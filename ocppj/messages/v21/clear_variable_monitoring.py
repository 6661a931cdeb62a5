"""ClearVariableMonitoring of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1

ClearMonitoringStatusEnumType = Literal["Accepted", "Rejected", "NotFound"]


class ClearMonitoringResultType(Payload, frozen=True, kw_only=True):
    """Part of ClearVariableMonitoringResponse."""

    status: ClearMonitoringStatusEnumType
    id: IntFrom0
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None


class ClearVariableMonitoringRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearVariableMonitoring action."""

    id: Annotated[tuple[IntFrom0, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None


class ClearVariableMonitoringResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearVariableMonitoring action."""

    clear_monitoring_result: Annotated[tuple[ClearMonitoringResultType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None
