"""RequestStartTransaction: the backend starts charging for a driver (F01, F02)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import charging_profile
from agent.csms.v201.authorize import token
from agent.smartcharging.phases import problem_with_phases
from agent.smartcharging.problems import Problem
from agent.smartcharging.profiles import Profile
from agent.station.limits import Limits
from ocppj.messages import v201

log = logging.getLogger(__name__)

ReadProfile = Callable[[Any, int], Profile]


async def handle(request: v201.RequestStartTransactionRequest, context: Context) -> Reply:
    """Say at once whether it can begin; authorize and begin after the answer is on its way."""
    return answer(request, context, charging_profile.read)


def answer(request: v201.RequestStartTransactionRequest, context: Context, read: ReadProfile) -> Reply:
    """Do so, reading the profile that comes with it as this version of OCPP has it."""
    if not context.is_registered():
        return _rejected("CSNotAccepted", "the backend has not accepted this station yet")
    driver = token(request.id_token)
    group = None if request.group_id_token is None else request.group_id_token.id_token
    service = context.station.choose(request.evse_id, driver, group)
    if service is None and request.evse_id is not None:
        return _rejected("UnknownEvse", f"there is no EVSE {request.evse_id}")
    if service is None:
        return _rejected("Unspecified", "no EVSE, or more than one, is free: name one")
    outcome = context.station.may_start(service, driver, group)
    if not outcome.is_accepted:
        return _rejected("TxInProgress" if service.state.authorization else "Unspecified", outcome.why)
    profile = None
    if request.charging_profile is not None:
        profile = read(request.charging_profile, service.identity.evse_id)
    if (problem := _problem(profile, context.station.limits)) is not None:
        return _rejected(problem.reason, problem.why)  # K05.FR.05

    async def start() -> None:
        started = await context.station.remote_start(service, driver, group, request.remote_start_id)
        if not started.is_accepted:
            log.warning("remote start %d came to nothing: %s", request.remote_start_id, started.why)
        elif profile is not None:
            await context.station.limits.install_for_next(profile)

    return Reply(
        v201.RequestStartTransactionResponse(status="Accepted", transaction_id=outcome.transaction_id), start
    )


def _problem(profile: Profile | None, limits: Limits) -> Problem | None:
    if profile is None:
        return None
    return problem_with_phases(profile, limits.least_phases) or limits.problem_with_next(profile)


def _rejected(code: str, why: str) -> Reply:
    return Reply(
        v201.RequestStartTransactionResponse(
            status="Rejected", status_info=v201.StatusInfoType(reason_code=code, additional_info=why[:512])
        )
    )
