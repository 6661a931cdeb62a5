"""GetVariables of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1, Str2500

GetVariableStatusEnumType = Literal[
    "Accepted", "Rejected", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType"
]


class GetVariableDataType(Payload, frozen=True, kw_only=True):
    """Part of GetVariablesRequest."""

    custom_data: Maybe[CustomDataType] = None
    attribute_type: Maybe[v201.AttributeEnumType] = None
    component: v201.ComponentType
    variable: v201.VariableType


class GetVariableResultType(Payload, frozen=True, kw_only=True):
    """Part of GetVariablesResponse."""

    custom_data: Maybe[CustomDataType] = None
    attribute_status_info: Maybe[v201.StatusInfoType] = None
    attribute_status: GetVariableStatusEnumType
    attribute_type: Maybe[v201.AttributeEnumType] = None
    attribute_value: Maybe[Str2500] = None
    component: v201.ComponentType
    variable: v201.VariableType


class GetVariablesRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetVariables action."""

    custom_data: Maybe[CustomDataType] = None
    get_variable_data: Annotated[tuple[GetVariableDataType, ...], ItemsFrom1]


class GetVariablesResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetVariables action."""

    custom_data: Maybe[CustomDataType] = None
    get_variable_result: Annotated[tuple[GetVariableResultType, ...], ItemsFrom1]
