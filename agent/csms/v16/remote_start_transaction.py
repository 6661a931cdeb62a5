"""RemoteStartTransaction: the backend starts charging for a driver (OCPP 1.6, 5.11)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.csms.v16 import charging_profile
from agent.csms.v16.authorize import token
from agent.smartcharging.profiles import Profile
from agent.station.service import EvseService
from agent.station.station import Station
from agent.transactions.records import Token
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.RemoteStartTransactionRequest, context: Context) -> Reply:
    """Say at once whether it can begin; authorize and begin after the answer is on its way."""
    if not context.is_registered() or request.connector_id == 0:
        return _reply("Rejected")
    driver = token(request.id_tag)
    service = context.station.choose(request.connector_id, driver)
    if service is None or not _may_begin(service, driver, context.station):
        return _reply("Rejected")
    profile = _profile(request, service)
    if profile is not None and context.station.limits.problem_with_next(profile) is not None:
        return _reply("Rejected")

    async def start() -> None:
        started = await context.station.remote_start(service, driver, None, None)
        if not started.is_accepted:
            log.warning("remote start at connector %d came to nothing: %s", started.evse_id, started.why)
        elif profile is not None:
            await context.station.limits.install_for_next(profile)

    return Reply(v16.RemoteStartTransactionResponse(status="Accepted"), start)


def _may_begin(service: EvseService, driver: Token, station: Station) -> bool:
    """Return whether the driver can charge here, or may turn out to be of a group that it is kept for."""
    groups: list[str | None] = [None]
    if station.settings.flag("AuthCtrlr.AuthorizeRemoteStart"):
        groups += station.reservations.groups_at(service)
    return any(station.may_start(service, driver, group).is_accepted for group in groups)


def _profile(request: v16.RemoteStartTransactionRequest, service: EvseService) -> Profile | None:
    if request.charging_profile is None:
        return None
    return charging_profile.read(request.charging_profile, service.identity.evse_id, None)


def _reply(status: v16.RemoteStartStopStatus) -> Reply:
    return Reply(v16.RemoteStartTransactionResponse(status=status))
