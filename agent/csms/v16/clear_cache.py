"""ClearCache: the backend has the station forget whom it saw (OCPP 1.6, 5.4)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.store.database import StoreError
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.ClearCacheRequest, context: Context) -> Reply:
    """Forget all cached verdicts; Rejected if there is no cache or it could not be cleared."""
    try:
        is_cleared = await context.station.authorizer.cache.clear()
    except StoreError as error:
        log.error("authorization cache not cleared: %s", error)
        is_cleared = False
    return Reply(v16.ClearCacheResponse(status="Accepted" if is_cleared else "Rejected"))
