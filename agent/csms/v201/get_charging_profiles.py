"""GetChargingProfiles: the backend asks which limits are installed (K09)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import charging_profile
from agent.smartcharging.matching import Criteria, by_place_and_source
from agent.smartcharging.profiles import Profile
from ocppj.messages import v201


async def handle(request: v201.GetChargingProfilesRequest, context: Context) -> Reply:
    """Say whether there are any, and report them after the answer, one message for each EVSE and source."""
    found = filter(charging_profile.is_known, context.station.limits.find(criteria(request)))
    return answer(request.request_id, list(found), charging_profile.message, context)


def answer(
    request_id: int, found: Sequence[Profile], message: Callable[[Profile], Any], context: Context
) -> Reply:
    """Report what was found in the messages that a version has for profiles."""
    groups = by_place_and_source(found)
    if not groups:
        return Reply(v201.GetChargingProfilesResponse(status="NoProfiles"))

    async def report() -> None:
        for number, group in enumerate(groups, start=1):
            await context.backend.call(
                v201.ReportChargingProfilesRequest(
                    request_id=request_id,
                    charging_limit_source=group[0].source,
                    evse_id=group[0].evse_id,
                    tbc=number < len(groups),  # K09.FR.03: more is to come
                    charging_profile=tuple(map(message, group)),
                )
            )

    return Reply(v201.GetChargingProfilesResponse(status="Accepted"), report)


def criteria(request: v201.GetChargingProfilesRequest) -> Criteria:
    """Return what is meant; ids name profiles wherever they are (K09.FR.04, K09.FR.05)."""
    wanted = request.charging_profile
    if wanted.charging_profile_id is not None:
        return Criteria(ids=frozenset(wanted.charging_profile_id), evse_id=request.evse_id)
    return Criteria(
        evse_id=request.evse_id,
        purpose=wanted.charging_profile_purpose,
        stack_level=wanted.stack_level,
        sources=None if wanted.charging_limit_source is None else frozenset(wanted.charging_limit_source),
    )
