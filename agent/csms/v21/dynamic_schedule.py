"""UpdateDynamicSchedule and PullDynamicScheduleUpdate: new limits of Dynamic profiles (K28)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v21 import charging_profile
from agent.smartcharging.dynamic import Update, UpdateWanted
from ocppj.messages import v21

_MOST_CHARACTERS = 1024


async def handle(request: v21.UpdateDynamicScheduleRequest, context: Context) -> Reply:
    """Let the profile have its new limit at once."""
    update = _read(request.schedule_update)
    problem = await context.station.limits.update(request.charging_profile_id, update)
    if problem is None:
        return Reply(v21.UpdateDynamicScheduleResponse(status="Accepted"))
    info = v21.StatusInfoType(reason_code=problem.reason, additional_info=problem.why[:_MOST_CHARACTERS])
    return Reply(v21.UpdateDynamicScheduleResponse(status="Rejected", status_info=info))


def question(wanted: UpdateWanted) -> v21.PullDynamicScheduleUpdateRequest:
    """Return the message that asks for the limit of a profile."""
    return v21.PullDynamicScheduleUpdateRequest(charging_profile_id=wanted.profile_id)


def read_answer(response: v21.PullDynamicScheduleUpdateResponse) -> Update | None:
    """Return what the backend says of it; None if nothing."""
    if response.status != "Accepted":
        return None
    return Update() if response.schedule_update is None else _read(response.schedule_update)


def _read(update: v21.ChargingScheduleUpdateType) -> Update:
    limit = charging_profile.decimal(update.limit)
    return Update(limit=limit, foreign=charging_profile.foreign(update))
