"""SetVariables: the backend writes the device model (B05)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.csms.v201.device_model import find
from agent.security.credentials import PASSWORD
from agent.store.database import StoreError
from agent.variables.checks import ValueRefused, checked
from agent.variables.model import UnknownComponent, UnknownVariable
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v201

log = logging.getLogger(__name__)

_LIMIT = "DeviceDataCtrlr.ItemsPerMessage[SetVariables]"


async def handle(request: v201.SetVariablesRequest, context: Context) -> Reply:
    """Write every item, in order; each is durable before the answer says Accepted.

    Raises:
        OcppError: OccurrenceConstraintViolation for more items than announced.
    """
    model = context.station.settings
    if len(request.set_variable_data) > model.integer(_LIMIT):
        raise OcppError(
            ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, f"at most {model.integer(_LIMIT)} items per message"
        )
    old_password = model.text(PASSWORD)
    results = tuple([await _write(context, item) for item in request.set_variable_data])
    if model.text(PASSWORD) == old_password:
        return Reply(v201.SetVariablesResponse(set_variable_result=results))
    await context.security.credentials.password_changed()
    # A01: a new password is used at once, on a new connection.
    return Reply(v201.SetVariablesResponse(set_variable_result=results), context.reconnect)


async def _write(context: Context, item: v201.SetVariableDataType) -> v201.SetVariableResultType:
    status, info = await _try(context, item)
    return v201.SetVariableResultType(
        attribute_status=status,
        attribute_type=item.attribute_type or "Actual",
        attribute_status_info=info,
        component=item.component,
        variable=item.variable,
    )


async def _try(
    context: Context, item: v201.SetVariableDataType
) -> tuple[v201.SetVariableStatusEnumType, v201.StatusInfoType | None]:
    model = context.station.settings
    try:
        entry = find(model, item.component, item.variable)
    except UnknownComponent:
        return "UnknownComponent", None
    except UnknownVariable:
        return "UnknownVariable", None
    if item.attribute_type not in (None, "Actual"):
        return "NotSupportedAttributeType", None
    if entry.variable.mutability == "ReadOnly":
        return "Rejected", _because("ReadOnly", f"{entry.variable.name} is read-only")
    try:
        value = checked(entry.variable, item.attribute_value)
        if entry.variable.name == PASSWORD:
            await context.security.credentials.keep_password()
            await context.network.drop_own_password()
        await model.write(entry, value)
    except ValueRefused as refusal:
        return "Rejected", _because(refusal.code, str(refusal))
    except StoreError as error:  # B05.FR.09: a technical problem
        log.error("%s not set: %s", entry.variable.name, error)
        return "Rejected", _because("InternalError", "it cannot be stored")
    log.info("the backend set %s", entry.variable.name)
    return ("RebootRequired" if model.awaits_restart(entry) else "Accepted"), None


def _because(code: str, why: str) -> v201.StatusInfoType:
    return v201.StatusInfoType(reason_code=code, additional_info=why[:512])
