"""Reset: the backend restarts the station (B11, B12)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v201


async def handle(request: v201.ResetRequest, context: Context) -> Reply:
    """Restart after the answer: at once, or once no transaction runs. A single EVSE cannot be reset."""
    if request.evse_id is not None:
        info = v201.StatusInfoType(
            reason_code="UnsupportedParam", additional_info="EVSE.AllowReset is false: reset the station"
        )
        return Reply(v201.ResetResponse(status="Rejected", status_info=info))
    waits = request.type == "OnIdle" and not context.station.is_idle()

    async def restart() -> None:
        await context.station.reset(request.type)

    return Reply(v201.ResetResponse(status="Scheduled" if waits else "Accepted"), restart)
