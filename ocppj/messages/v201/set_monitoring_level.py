"""SetMonitoringLevel of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload


class SetMonitoringLevelRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetMonitoringLevel action."""

    custom_data: Maybe[CustomDataType] = None
    severity: Integer


class SetMonitoringLevelResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetMonitoringLevel action."""

    custom_data: Maybe[CustomDataType] = None
    status: v201.GenericStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
