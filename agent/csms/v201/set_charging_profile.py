"""SetChargingProfile: the backend limits an EVSE or the station (K01)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import charging_profile
from agent.smartcharging.phases import problem_with_phases
from agent.smartcharging.profiles import Profile
from ocppj.messages import v201


async def handle(request: v201.SetChargingProfileRequest, context: Context) -> Reply:
    """Install the profile, or say what is wrong with it."""
    return await install(charging_profile.read(request.charging_profile, request.evse_id), context)


async def install(profile: Profile, context: Context) -> Reply:
    """Do so with a profile that is read."""
    limits = context.station.limits
    problem = problem_with_phases(profile, limits.least_phases) or await limits.install(profile)
    if problem is None:
        return Reply(v201.SetChargingProfileResponse(status="Accepted"))
    return Reply(
        v201.SetChargingProfileResponse(status="Rejected", status_info=charging_profile.refusal(problem))
    )
