"""SetMonitoringLevel of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0


class SetMonitoringLevelRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetMonitoringLevel action."""

    severity: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class SetMonitoringLevelResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetMonitoringLevel action."""

    status: v21.GenericStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
