"""SetMonitoringLevel: the backend wants to hear of nothing milder (N05)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.monitoring.records import MILDEST_SEVERITY, WORST_SEVERITY
from agent.store.database import StoreError
from ocppj.messages import v201

log = logging.getLogger(__name__)


async def handle(request: v201.SetMonitoringLevelRequest, context: Context) -> Reply:
    """Use the level from now on, if there is such a severity (N05.FR.02)."""
    if not WORST_SEVERITY <= request.severity <= MILDEST_SEVERITY:
        why = f"severities go from {WORST_SEVERITY} to {MILDEST_SEVERITY}"
        return _rejected("ValueOutOfRange", why)
    try:
        await context.monitoring.use_level(request.severity)
    except StoreError as error:
        log.error("monitoring level not set: %s", error)
        return _rejected("InternalError", "it cannot be stored")
    return Reply(v201.SetMonitoringLevelResponse(status="Accepted"))


def _rejected(reason: str, why: str) -> Reply:
    info = v201.StatusInfoType(reason_code=reason, additional_info=why)
    return Reply(v201.SetMonitoringLevelResponse(status="Rejected", status_info=info))
