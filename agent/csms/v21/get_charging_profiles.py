"""GetChargingProfiles: the backend asks which limits are installed (K09)."""

from __future__ import annotations

from typing import cast

from agent.csms.dialect import Context, Reply
from agent.csms.v21 import charging_profile
from agent.csms.v201.get_charging_profiles import answer, criteria
from ocppj.messages import v21, v201


async def handle(request: v21.GetChargingProfilesRequest, context: Context) -> Reply:
    """Say whether there are any, and report them after the answer, one message for each EVSE and source."""
    wanted = criteria(cast("v201.GetChargingProfilesRequest", request))
    return answer(request.request_id, context.station.limits.find(wanted), charging_profile.message, context)
