"""ClearChargingProfile: the backend takes back limits (K10)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.smartcharging.matching import Criteria
from ocppj.messages import v201


async def handle(request: v201.ClearChargingProfileRequest, context: Context) -> Reply:
    """Clear the profile of this id, else all that meet the criteria (K10.FR.03, K10.FR.05)."""
    cleared = await context.station.limits.clear(_criteria(request))
    return Reply(v201.ClearChargingProfileResponse(status="Accepted" if cleared else "Unknown"))


def _criteria(request: v201.ClearChargingProfileRequest) -> Criteria:
    if request.charging_profile_id is not None:
        return Criteria(ids=frozenset({request.charging_profile_id}))
    wanted = request.charging_profile_criteria
    if wanted is None:
        return Criteria()
    return Criteria(
        evse_id=wanted.evse_id, purpose=wanted.charging_profile_purpose, stack_level=wanted.stack_level
    )
