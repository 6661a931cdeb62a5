"""GetMonitoringReport of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1, ItemsFrom1To3

MonitoringCriterionEnumType = Literal["ThresholdMonitoring", "DeltaMonitoring", "PeriodicMonitoring"]


class GetMonitoringReportRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetMonitoringReport action."""

    custom_data: Maybe[CustomDataType] = None
    component_variable: Maybe[Annotated[tuple[v201.ComponentVariableType, ...], ItemsFrom1]] = None
    request_id: Integer
    monitoring_criteria: Maybe[Annotated[tuple[MonitoringCriterionEnumType, ...], ItemsFrom1To3]] = None


class GetMonitoringReportResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetMonitoringReport action."""

    custom_data: Maybe[CustomDataType] = None
    status: v201.GenericDeviceModelStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
