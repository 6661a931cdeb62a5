"""RequestStartTransaction: the backend starts charging for a driver (F01, F02)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.csms.v201.authorize import token
from ocppj.messages import v201

log = logging.getLogger(__name__)


async def handle(request: v201.RequestStartTransactionRequest, context: Context) -> Reply:
    """Say at once whether it can begin; authorize and begin after the answer is on its way."""
    if not context.is_registered():
        return _rejected("CSNotAccepted", "the backend has not accepted this station yet")
    driver = token(request.id_token)
    service = context.station.choose(request.evse_id, driver)
    if service is None and request.evse_id is not None:
        return _rejected("UnknownEvse", f"there is no EVSE {request.evse_id}")
    if service is None:
        return _rejected("Unspecified", "no EVSE, or more than one, is free: name one")
    outcome = context.station.may_start(service, driver)
    if not outcome.is_accepted:
        return _rejected("TxInProgress" if service.state.authorization else "Unspecified", outcome.why)
    if request.charging_profile is not None:  # F01.FR.12
        log.warning(
            "remote start %d: charging profile ignored, no smart charging here", request.remote_start_id
        )

    async def start() -> None:
        group = None if request.group_id_token is None else request.group_id_token.id_token
        started = await context.station.remote_start(service, driver, group, request.remote_start_id)
        if not started.is_accepted:
            log.warning("remote start %d came to nothing: %s", request.remote_start_id, started.why)

    return Reply(
        v201.RequestStartTransactionResponse(status="Accepted", transaction_id=outcome.transaction_id), start
    )


def _rejected(code: str, why: str) -> Reply:
    return Reply(
        v201.RequestStartTransactionResponse(
            status="Rejected", status_info=v201.StatusInfoType(reason_code=code, additional_info=why[:512])
        )
    )
