"""GetMonitoringReport of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1, ItemsFrom1To3

MonitoringCriterionEnumType = Literal["ThresholdMonitoring", "DeltaMonitoring", "PeriodicMonitoring"]


class GetMonitoringReportRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetMonitoringReport action."""

    component_variable: Maybe[Annotated[tuple[v21.ComponentVariableType, ...], ItemsFrom1]] = None
    request_id: Integer
    monitoring_criteria: Maybe[Annotated[tuple[MonitoringCriterionEnumType, ...], ItemsFrom1To3]] = None
    custom_data: Maybe[CustomDataType] = None


class GetMonitoringReportResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetMonitoringReport action."""

    status: v21.GenericDeviceModelStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
