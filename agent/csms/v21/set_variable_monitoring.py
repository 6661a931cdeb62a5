"""SetVariableMonitoring: what 2.1 adds, monitors whose values are told as a stream (N11)."""

from __future__ import annotations

from typing import cast

from agent.csms.dialect import Context, Reply
from agent.csms.v21.periodic_event_streams import rate
from agent.csms.v201 import set_variable_monitoring
from agent.monitoring.records import StreamRate
from ocppj.messages import v21, v201


async def handle(request: v21.SetVariableMonitoringRequest, context: Context) -> Reply:
    """Set every monitor, as 2.0.1 does."""
    same = cast("v201.SetVariableMonitoringRequest", request)
    return await set_variable_monitoring.answer(same, context, _stream)


def _stream(item: v201.SetMonitoringDataType) -> StreamRate | None:
    wanted = cast("v21.SetMonitoringDataType", item).periodic_event_stream
    return None if wanted is None else rate(wanted)
