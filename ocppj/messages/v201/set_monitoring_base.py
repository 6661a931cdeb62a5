"""SetMonitoringBase of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload

MonitoringBaseEnumType = Literal["All", "FactoryDefault", "HardWiredOnly"]


class SetMonitoringBaseRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetMonitoringBase action."""

    custom_data: Maybe[CustomDataType] = None
    monitoring_base: MonitoringBaseEnumType


class SetMonitoringBaseResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetMonitoringBase action."""

    custom_data: Maybe[CustomDataType] = None
    status: v201.GenericDeviceModelStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
