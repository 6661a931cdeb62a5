"""NotifyReport of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import ItemsFrom1, ItemsFrom1To4, Str16, Str1000, Str2500

DataEnumType = Literal[
    "string", "decimal", "integer", "dateTime", "boolean", "OptionList", "SequenceList", "MemberList"
]
MutabilityEnumType = Literal["ReadOnly", "WriteOnly", "ReadWrite"]


class ReportDataType(Payload, frozen=True, kw_only=True):
    """Part of NotifyReportRequest."""

    custom_data: Maybe[CustomDataType] = None
    component: v201.ComponentType
    variable: v201.VariableType
    variable_attribute: Annotated[tuple[VariableAttributeType, ...], ItemsFrom1To4]
    variable_characteristics: Maybe[VariableCharacteristicsType] = None


class VariableAttributeType(Payload, frozen=True, kw_only=True):
    """Part of NotifyReportRequest."""

    custom_data: Maybe[CustomDataType] = None
    type: Maybe[v201.AttributeEnumType] = None
    value: Maybe[Str2500] = None
    mutability: Maybe[MutabilityEnumType] = None
    persistent: Maybe[bool] = None
    constant: Maybe[bool] = None


class VariableCharacteristicsType(Payload, frozen=True, kw_only=True):
    """Part of NotifyReportRequest."""

    custom_data: Maybe[CustomDataType] = None
    unit: Maybe[Str16] = None
    data_type: DataEnumType
    min_limit: Maybe[float] = None
    max_limit: Maybe[float] = None
    values_list: Maybe[Str1000] = None
    supports_monitoring: bool


class NotifyReportRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyReport action."""

    custom_data: Maybe[CustomDataType] = None
    request_id: Integer
    generated_at: Timestamp
    report_data: Maybe[Annotated[tuple[ReportDataType, ...], ItemsFrom1]] = None
    tbc: Maybe[bool] = None
    seq_no: Integer


class NotifyReportResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyReport action."""

    custom_data: Maybe[CustomDataType] = None
