"""ClearChargingProfile: the backend takes back limits (OCPP 1.6, 5.5)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v16.charging_profile import PURPOSES
from agent.smartcharging.matching import Criteria
from ocppj.messages import v16


async def handle(request: v16.ClearChargingProfileRequest, context: Context) -> Reply:
    """Clear the profile of this id, else all that meet the criteria."""
    cleared = await context.station.limits.clear(_criteria(request))
    return Reply(v16.ClearChargingProfileResponse(status="Accepted" if cleared else "Unknown"))


def _criteria(request: v16.ClearChargingProfileRequest) -> Criteria:
    if request.id is not None:
        return Criteria(ids=frozenset({request.id}))
    purpose = request.charging_profile_purpose
    return Criteria(
        evse_id=request.connector_id,
        purpose=None if purpose is None else PURPOSES[purpose],
        stack_level=request.stack_level,
    )
