"""Reset (B11, B12): restart a charger or one of its EVSEs."""

from __future__ import annotations

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from ocppj.messages import v201


async def reset(
    station: Caller,
    when: v201.ResetEnumType = "OnIdle",
    *,
    evse_id: int | None = None,
    timeout_s: float | None = None,
) -> v201.ResetResponse:
    """Ask for a restart, at once or after the transactions have ended."""
    request = v201.ResetRequest(type=when, evse_id=evse_id)
    return await ask(station, request, v201.ResetResponse, timeout_s)
