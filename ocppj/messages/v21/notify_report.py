"""NotifyReport of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, IntFrom1, ItemsFrom1, ItemsFrom1To4, Str16, Str1000, Str2500

DataEnumType = Literal[
    "string", "decimal", "integer", "dateTime", "boolean", "OptionList", "SequenceList", "MemberList"
]
MutabilityEnumType = Literal["ReadOnly", "WriteOnly", "ReadWrite"]


class ReportDataType(Payload, frozen=True, kw_only=True):
    """Part of NotifyReportRequest."""

    component: v21.ComponentType
    variable: v21.VariableType
    variable_attribute: Annotated[tuple[VariableAttributeType, ...], ItemsFrom1To4]
    variable_characteristics: Maybe[VariableCharacteristicsType] = None
    custom_data: Maybe[CustomDataType] = None


class VariableAttributeType(Payload, frozen=True, kw_only=True):
    """Part of NotifyReportRequest."""

    type: Maybe[v21.AttributeEnumType] = None
    value: Maybe[Str2500] = None
    mutability: Maybe[MutabilityEnumType] = None
    persistent: Maybe[bool] = None
    constant: Maybe[bool] = None
    custom_data: Maybe[CustomDataType] = None


class VariableCharacteristicsType(Payload, frozen=True, kw_only=True):
    """Part of NotifyReportRequest."""

    unit: Maybe[Str16] = None
    data_type: DataEnumType
    min_limit: Maybe[float] = None
    max_limit: Maybe[float] = None
    max_elements: Maybe[IntFrom1] = None
    values_list: Maybe[Str1000] = None
    supports_monitoring: bool
    custom_data: Maybe[CustomDataType] = None


class NotifyReportRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyReport action."""

    request_id: Integer
    generated_at: Timestamp
    report_data: Maybe[Annotated[tuple[ReportDataType, ...], ItemsFrom1]] = None
    tbc: Maybe[bool] = None
    seq_no: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class NotifyReportResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyReport action."""

    custom_data: Maybe[CustomDataType] = None
