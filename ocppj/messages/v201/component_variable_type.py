"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload


class ComponentVariableType(Payload, frozen=True, kw_only=True):
    """Part of GetMonitoringReportRequest, GetReportRequest."""

    custom_data: Maybe[CustomDataType] = None
    component: v201.ComponentType
    variable: Maybe[v201.VariableType] = None
