"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload


class ComponentVariableType(Payload, frozen=True, kw_only=True):
    """Part of GetMonitoringReportRequest, GetReportRequest."""

    component: v21.ComponentType
    variable: Maybe[v21.VariableType] = None
    custom_data: Maybe[CustomDataType] = None
