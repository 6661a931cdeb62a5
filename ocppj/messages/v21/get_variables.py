"""GetVariables of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1, Str2500

GetVariableStatusEnumType = Literal[
    "Accepted", "Rejected", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType"
]


class GetVariableDataType(Payload, frozen=True, kw_only=True):
    """Part of GetVariablesRequest."""

    attribute_type: Maybe[v21.AttributeEnumType] = None
    component: v21.ComponentType
    variable: v21.VariableType
    custom_data: Maybe[CustomDataType] = None


class GetVariableResultType(Payload, frozen=True, kw_only=True):
    """Part of GetVariablesResponse."""

    attribute_status: GetVariableStatusEnumType
    attribute_status_info: Maybe[v21.StatusInfoType] = None
    attribute_type: Maybe[v21.AttributeEnumType] = None
    attribute_value: Maybe[Str2500] = None
    component: v21.ComponentType
    variable: v21.VariableType
    custom_data: Maybe[CustomDataType] = None


class GetVariablesRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetVariables action."""

    get_variable_data: Annotated[tuple[GetVariableDataType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None


class GetVariablesResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetVariables action."""

    get_variable_result: Annotated[tuple[GetVariableResultType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None
