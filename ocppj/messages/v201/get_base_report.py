"""GetBaseReport of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

ReportBaseEnumType = Literal["ConfigurationInventory", "FullInventory", "SummaryInventory"]


class GetBaseReportRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetBaseReport action."""

    custom_data: Maybe[CustomDataType] = None
    request_id: Integer
    report_base: ReportBaseEnumType


class GetBaseReportResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetBaseReport action."""

    custom_data: Maybe[CustomDataType] = None
    status: v201.GenericDeviceModelStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
