"""SetNetworkProfile: what 2.1 adds, an identity and a password of the profile's own (B09)."""

from __future__ import annotations

from typing import cast

from agent.csms.dialect import Context, Reply
from agent.csms.v201.set_network_profile import refuse, store, unusable
from agent.network.profiles import NetworkProfile
from ocppj.messages import v21, v201


async def handle(request: v21.SetNetworkProfileRequest, context: Context) -> Reply:
    """Store the profile. The version in it counts for nothing: both sides agree on one when they connect."""
    data, same = request.connection_data, cast("v201.SetNetworkProfileRequest", request)
    refused = unusable(same)
    if refused is not None:
        return refuse(request.configuration_slot, refused)
    profile = NetworkProfile(
        url="",
        security=1,
        versions=context.network.versions,
        identity=data.identity or "",
        password=data.basic_auth_password or "",
    )
    return await store(same, profile, context)
