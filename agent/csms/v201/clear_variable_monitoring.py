"""ClearVariableMonitoring: the backend takes monitors away (N06)."""

from __future__ import annotations

import logging
from typing import Final

from agent.csms.dialect import Context, Reply
from agent.store.database import StoreError
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v201

log = logging.getLogger(__name__)

_LIMIT: Final = "MonitoringCtrlr.ItemsPerMessage[ClearVariableMonitoring]"


async def handle(request: v201.ClearVariableMonitoringRequest, context: Context) -> Reply:
    """Answer for every id, in order (N06.FR.05).

    Raises:
        OcppError: OccurrenceConstraintViolation for more than announced (N06.FR.06).
    """
    most = context.station.settings.integer(_LIMIT)
    if len(request.id) > most:
        raise OcppError(ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, f"at most {most} ids per message")
    results = tuple([await _clear(number, context) for number in request.id])
    return Reply(v201.ClearVariableMonitoringResponse(clear_monitoring_result=results))


async def _clear(number: int, context: Context) -> v201.ClearMonitoringResultType:
    try:
        status = await context.monitoring.clear(number)
    except StoreError as error:
        log.error("monitor %d not cleared: %s", number, error)
        info = v201.StatusInfoType(reason_code="InternalError", additional_info="it cannot be stored")
        return v201.ClearMonitoringResultType(id=number, status="Rejected", status_info=info)
    return v201.ClearMonitoringResultType(id=number, status=status)
