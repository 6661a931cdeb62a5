"""GetBaseReport of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

ReportBaseEnumType = Literal["ConfigurationInventory", "FullInventory", "SummaryInventory"]


class GetBaseReportRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetBaseReport action."""

    request_id: Integer
    report_base: ReportBaseEnumType
    custom_data: Maybe[CustomDataType] = None


class GetBaseReportResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetBaseReport action."""

    status: v21.GenericDeviceModelStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
