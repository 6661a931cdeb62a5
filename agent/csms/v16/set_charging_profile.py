"""SetChargingProfile: the backend limits a connector or the charge point (OCPP 1.6, 5.16)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.csms.v16 import charging_profile
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.SetChargingProfileRequest, context: Context) -> Reply:
    """Install the profile, or reject it; why is in the station's log, this version has no place for it."""
    asked = request.cs_charging_profiles
    transaction_id = None
    if asked.charging_profile_purpose == "TxProfile":
        transaction_id = _transaction(request, context)
        if transaction_id is None:
            return _reply("Rejected", "no transaction that it could be for runs there")
    profile = charging_profile.read(asked, request.connector_id, transaction_id)
    problem = await context.station.limits.install(profile)
    return _reply("Accepted") if problem is None else _reply("Rejected", problem.why)


def _transaction(request: v16.SetChargingProfileRequest, context: Context) -> str | None:
    """Return the transaction that a TxProfile is for: the one it names, else what runs at the connector."""
    service = context.station.evses.get(request.connector_id)
    running = None if service is None else service.transaction_id
    number = request.cs_charging_profiles.transaction_id
    if number is None or running is None:
        return running
    return running if context.accounts.transaction_of(number) == running else None


def _reply(status: v16.ChargingProfileStatus, why: str = "") -> Reply:
    if why:
        log.warning("charging profile rejected: %s", why)
    return Reply(v16.SetChargingProfileResponse(status=status))
