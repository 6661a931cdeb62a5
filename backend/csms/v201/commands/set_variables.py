"""SetVariables (B05): change variables of a charger's device model."""

from __future__ import annotations

from collections.abc import Sequence

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from ocppj.messages import v201


async def set_variables(
    station: Caller, wanted: Sequence[v201.SetVariableDataType], *, timeout_s: float | None = None
) -> tuple[v201.SetVariableResultType, ...]:
    """Return a result for each; a change that was refused says so in its attribute_status."""
    request = v201.SetVariablesRequest(set_variable_data=tuple(wanted))
    response = await ask(station, request, v201.SetVariablesResponse, timeout_s)
    return response.set_variable_result
