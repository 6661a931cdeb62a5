"""GetReport of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1, ItemsFrom1To4

ComponentCriterionEnumType = Literal["Active", "Available", "Enabled", "Problem"]


class GetReportRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetReport action."""

    component_variable: Maybe[Annotated[tuple[v21.ComponentVariableType, ...], ItemsFrom1]] = None
    request_id: Integer
    component_criteria: Maybe[Annotated[tuple[ComponentCriterionEnumType, ...], ItemsFrom1To4]] = None
    custom_data: Maybe[CustomDataType] = None


class GetReportResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetReport action."""

    status: v21.GenericDeviceModelStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
