"""GetMonitoringReport: what 2.1 adds, who set a monitor (N02)."""

from __future__ import annotations

from typing import cast

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import get_monitoring_report
from agent.csms.v201.notify_event import ORIGINS
from agent.monitoring.records import Monitor
from ocppj.messages import v21, v201


async def handle(request: v21.GetMonitoringReportRequest, context: Context) -> Reply:
    """Accept and report, as 2.0.1 does."""
    same = cast("v201.GetMonitoringReportRequest", request)
    return await get_monitoring_report.answer(same, context, _monitoring)


def _monitoring(monitor: Monitor) -> v201.VariableMonitoringType:
    told = v21.VariableMonitoringType(
        id=monitor.id,
        transaction=monitor.needs_transaction,
        value=float(monitor.value),
        type=monitor.kind,
        severity=monitor.severity,
        event_notification_type=ORIGINS[monitor.origin],
    )
    return cast("v201.VariableMonitoringType", told)
