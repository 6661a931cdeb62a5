"""Reset: the backend restarts the charge point (OCPP 1.6, 5.14)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.transactions.records import StopReason
from ocppj.messages import v16

_REASONS: dict[v16.ResetType, StopReason] = {"Hard": "HardReset", "Soft": "SoftReset"}


async def handle(request: v16.ResetRequest, context: Context) -> Reply:
    """Restart after the answer; either way transactions end in good order, for the hardware allows it."""

    resets = context.station.resets
    if resets.ask("Immediate", None).status == "Rejected":
        return Reply(v16.ResetResponse(status="Rejected"))
    reason = _REASONS[request.type]
    return Reply(v16.ResetResponse(status="Accepted"), lambda: resets.carry_out("Immediate", None, reason))
