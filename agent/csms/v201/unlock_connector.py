"""UnlockConnector: the backend helps a driver whose plug is stuck (F05)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.station.unlocking import unlock
from agent.store.database import StoreError
from ocppj.messages import v201

log = logging.getLogger(__name__)


async def handle(request: v201.UnlockConnectorRequest, context: Context) -> Reply:
    """Open the bolt, then say what came of it."""
    try:
        status = await unlock(context.station, request.evse_id, request.connector_id, context.now())
    except StoreError as error:
        log.error("EVSE %d cannot be unlocked: %s", request.evse_id, error)
        status = "UnlockFailed"
    return Reply(v201.UnlockConnectorResponse(status=status))
