"""Reset: the backend restarts the station, or one EVSE of it (B11, B12)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v201


async def handle(request: v201.ResetRequest, context: Context) -> Reply:
    """Reset after the answer: at once, or once no transaction runs there."""
    resets, evse_id = context.station.resets, request.evse_id
    answer = resets.ask(request.type, evse_id)
    if answer.status == "Rejected":
        info = v201.StatusInfoType(reason_code=answer.code, additional_info=answer.why)
        return Reply(v201.ResetResponse(status="Rejected", status_info=info))
    return Reply(v201.ResetResponse(status=answer.status), lambda: resets.carry_out(request.type, evse_id))
