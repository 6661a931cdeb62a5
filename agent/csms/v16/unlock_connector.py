"""UnlockConnector: the backend helps a driver whose plug is stuck (OCPP 1.6, 5.18)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.station.unlocking import unlock
from agent.store.database import StoreError
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.UnlockConnectorRequest, context: Context) -> Reply:
    """Open the bolt, ending a transaction first, and say what came of it; without a bolt NotSupported."""
    station, connector_id = context.station, request.connector_id
    service = station.evses.get(connector_id)
    if service is None or not service.has_lock:
        return Reply(v16.UnlockConnectorResponse(status="NotSupported"))
    try:
        if service.has_driver:
            await station.remote_stop(service, "UnlockCommand")
        outcome = await unlock(station, connector_id, service.identity.connector_id, context.now())
    except StoreError as error:
        log.error("connector %d cannot be unlocked: %s", connector_id, error)
        outcome = "UnlockFailed"
    status: v16.UnlockStatus = "Unlocked" if outcome == "Unlocked" else "UnlockFailed"
    return Reply(v16.UnlockConnectorResponse(status=status))
