"""SetVariables of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1, Str1000

SetVariableStatusEnumType = Literal[
    "Accepted",
    "Rejected",
    "UnknownComponent",
    "UnknownVariable",
    "NotSupportedAttributeType",
    "RebootRequired",
]


class SetVariableDataType(Payload, frozen=True, kw_only=True):
    """Part of SetVariablesRequest."""

    custom_data: Maybe[CustomDataType] = None
    attribute_type: Maybe[v201.AttributeEnumType] = None
    attribute_value: Str1000
    component: v201.ComponentType
    variable: v201.VariableType


class SetVariableResultType(Payload, frozen=True, kw_only=True):
    """Part of SetVariablesResponse."""

    custom_data: Maybe[CustomDataType] = None
    attribute_type: Maybe[v201.AttributeEnumType] = None
    attribute_status: SetVariableStatusEnumType
    attribute_status_info: Maybe[v201.StatusInfoType] = None
    component: v201.ComponentType
    variable: v201.VariableType


class SetVariablesRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetVariables action."""

    custom_data: Maybe[CustomDataType] = None
    set_variable_data: Annotated[tuple[SetVariableDataType, ...], ItemsFrom1]


class SetVariablesResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetVariables action."""

    custom_data: Maybe[CustomDataType] = None
    set_variable_result: Annotated[tuple[SetVariableResultType, ...], ItemsFrom1]
