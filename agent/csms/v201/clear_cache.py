"""ClearCache: the backend has the station forget whom it saw (C11)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.store.database import StoreError
from ocppj.messages import v201

log = logging.getLogger(__name__)


async def handle(request: v201.ClearCacheRequest, context: Context) -> Reply:
    """Forget all cached verdicts; Rejected if there is no cache or it could not be cleared (C11)."""
    try:
        if await context.station.authorizer.cache.clear():
            return Reply(v201.ClearCacheResponse(status="Accepted"))
        reason, why = "NotEnabled", "AuthCacheCtrlr.Enabled is false"
    except StoreError as error:
        log.error("authorization cache not cleared: %s", error)
        reason, why = "InternalError", "it cannot be stored"
    info = v201.StatusInfoType(reason_code=reason, additional_info=why)
    return Reply(v201.ClearCacheResponse(status="Rejected", status_info=info))
