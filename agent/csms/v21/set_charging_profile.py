"""SetChargingProfile: the backend limits an EVSE or the station (K01)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v21 import charging_profile
from agent.csms.v201.set_charging_profile import install
from ocppj.messages import v21


async def handle(request: v21.SetChargingProfileRequest, context: Context) -> Reply:
    """Install the profile, or say what is wrong with it."""
    return await install(charging_profile.read(request.charging_profile, request.evse_id), context)
