"""GetCompositeSchedule: the backend asks what all limits together come to (OCPP 1.6, 5.7)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v16 import charging_profile
from agent.smartcharging.profiles import WHOLE_STATION
from ocppj.messages import v16


async def handle(request: v16.GetCompositeScheduleRequest, context: Context) -> Reply:
    """Reckon the schedule of a connector, or with 0 that of the grid connection."""
    limits, connector_id = context.station.limits, request.connector_id
    is_known = connector_id == WHOLE_STATION or connector_id in limits.evse_ids
    if not is_known or request.duration <= 0:
        return Reply(v16.GetCompositeScheduleResponse(status="Rejected"))
    unit = request.charging_rate_unit or "A"
    start = context.now()
    periods = limits.composite(connector_id, request.duration, unit)
    return Reply(
        v16.GetCompositeScheduleResponse(
            status="Accepted",
            connector_id=connector_id,
            schedule_start=start,
            charging_schedule=charging_profile.schedule_message(periods, unit, request.duration),
        )
    )
