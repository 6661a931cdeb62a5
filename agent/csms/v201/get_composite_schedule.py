"""GetCompositeSchedule: the backend asks what all limits together come to (K08)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import charging_profile
from agent.smartcharging.profiles import WHOLE_STATION
from ocppj.messages import v201


async def handle(request: v201.GetCompositeScheduleRequest, context: Context) -> Reply:
    """Reckon the schedule of an EVSE, or with evseId 0 of the station (K08.FR.03)."""
    limits = context.station.limits
    if request.evse_id != WHOLE_STATION and request.evse_id not in limits.evse_ids:
        return _rejected("UnknownEvse", f"there is no EVSE {request.evse_id}")  # K08.FR.05
    if request.duration <= 0:
        return _rejected("InvalidValue", "a schedule needs a duration above 0")
    unit = request.charging_rate_unit or "A"
    start = context.now()
    periods = limits.composite(request.evse_id, request.duration, unit)
    return Reply(
        v201.GetCompositeScheduleResponse(
            status="Accepted",
            schedule=v201.CompositeScheduleType(
                evse_id=request.evse_id,
                duration=request.duration,
                schedule_start=start,
                charging_rate_unit=unit,
                charging_schedule_period=charging_profile.period_messages(periods),
            ),
        )
    )


def _rejected(code: str, why: str) -> Reply:
    info = v201.StatusInfoType(reason_code=code, additional_info=why)
    return Reply(v201.GetCompositeScheduleResponse(status="Rejected", status_info=info))
