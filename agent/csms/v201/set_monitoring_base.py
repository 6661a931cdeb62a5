"""SetMonitoringBase: the backend goes back to a set of monitors (N03)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.store.database import StoreError
from ocppj.messages import v201

log = logging.getLogger(__name__)


async def handle(request: v201.SetMonitoringBaseRequest, context: Context) -> Reply:
    """Use the set from now on."""
    try:
        await context.monitoring.use_base(request.monitoring_base)
    except StoreError as error:
        log.error("monitoring base not set: %s", error)
        info = v201.StatusInfoType(reason_code="InternalError", additional_info="it cannot be stored")
        return Reply(v201.SetMonitoringBaseResponse(status="Rejected", status_info=info))
    return Reply(v201.SetMonitoringBaseResponse(status="Accepted"))
