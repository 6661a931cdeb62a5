"""SetMonitoringBase of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload

MonitoringBaseEnumType = Literal["All", "FactoryDefault", "HardWiredOnly"]


class SetMonitoringBaseRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetMonitoringBase action."""

    monitoring_base: MonitoringBaseEnumType
    custom_data: Maybe[CustomDataType] = None


class SetMonitoringBaseResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetMonitoringBase action."""

    status: v21.GenericDeviceModelStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
