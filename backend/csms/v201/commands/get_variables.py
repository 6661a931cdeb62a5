"""GetVariables (B06): read variables of a charger's device model."""

from __future__ import annotations

from collections.abc import Sequence

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from ocppj.messages import v201


async def get_variables(
    station: Caller, wanted: Sequence[v201.GetVariableDataType], *, timeout_s: float | None = None
) -> tuple[v201.GetVariableResultType, ...]:
    """Return a result for each; a variable that cannot be read says so in its attribute_status."""
    request = v201.GetVariablesRequest(get_variable_data=tuple(wanted))
    response = await ask(station, request, v201.GetVariablesResponse, timeout_s)
    return response.get_variable_result
