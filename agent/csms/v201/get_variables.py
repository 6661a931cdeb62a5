"""GetVariables: the backend reads the device model (B06)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v201.device_model import find
from agent.variables.model import DeviceModel, UnknownComponent, UnknownVariable
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v201

_LIMIT = "DeviceDataCtrlr.ItemsPerMessage[GetVariables]"
_LONGEST = "DeviceDataCtrlr.ReportingValueSize"
_WRITE_ONLY = v201.StatusInfoType(reason_code="WriteOnly", additional_info="it can be set and not read")


async def handle(request: v201.GetVariablesRequest, context: Context) -> Reply:
    """Answer every item in the order asked.

    Raises:
        OcppError: OccurrenceConstraintViolation for more items than announced (B06.FR.16).
    """
    model = context.station.settings
    if len(request.get_variable_data) > model.integer(_LIMIT):
        raise OcppError(
            ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, f"at most {model.integer(_LIMIT)} items per message"
        )
    results = tuple(_result(model, item) for item in request.get_variable_data)
    return Reply(v201.GetVariablesResponse(get_variable_result=results))


def _result(model: DeviceModel, item: v201.GetVariableDataType) -> v201.GetVariableResultType:
    status, value = _read(model, item)
    return v201.GetVariableResultType(
        attribute_status=status,
        attribute_status_info=_WRITE_ONLY if status == "Rejected" else None,
        attribute_type=item.attribute_type or "Actual",
        attribute_value=value,
        component=item.component,
        variable=item.variable,
    )


def _read(
    model: DeviceModel, item: v201.GetVariableDataType
) -> tuple[v201.GetVariableStatusEnumType, str | None]:
    try:
        entry = find(model, item.component, item.variable)
    except UnknownComponent:
        return "UnknownComponent", None
    except UnknownVariable:
        return "UnknownVariable", None
    if item.attribute_type not in (None, "Actual"):
        return "NotSupportedAttributeType", None
    if entry.variable.mutability == "WriteOnly":
        return "Rejected", None
    return "Accepted", model.value(entry)[: model.integer(_LONGEST)]
