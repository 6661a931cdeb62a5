"""SetVariables of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1, Str2500

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

    attribute_type: Maybe[v21.AttributeEnumType] = None
    attribute_value: Str2500
    component: v21.ComponentType
    variable: v21.VariableType
    custom_data: Maybe[CustomDataType] = None


class SetVariableResultType(Payload, frozen=True, kw_only=True):
    """Part of SetVariablesResponse."""

    attribute_type: Maybe[v21.AttributeEnumType] = None
    attribute_status: SetVariableStatusEnumType
    attribute_status_info: Maybe[v21.StatusInfoType] = None
    component: v21.ComponentType
    variable: v21.VariableType
    custom_data: Maybe[CustomDataType] = None


class SetVariablesRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetVariables action."""

    set_variable_data: Annotated[tuple[SetVariableDataType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None


class SetVariablesResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetVariables action."""

    set_variable_result: Annotated[tuple[SetVariableResultType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None
