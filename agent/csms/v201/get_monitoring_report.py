"""GetMonitoringReport: the backend asks which monitors there are (N02)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import notify_report
from agent.csms.v201.device_model import component_at, variable_named
from agent.monitoring.criteria import Target
from agent.monitoring.records import PERIODIC, THRESHOLDS, Kind, Monitor
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v201

_KINDS: Final[dict[v201.MonitoringCriterionEnumType, tuple[Kind, ...]]] = {
    "ThresholdMonitoring": THRESHOLDS,
    "DeltaMonitoring": ("Delta",),
    "PeriodicMonitoring": PERIODIC,
}


Write = Callable[[Monitor], v201.VariableMonitoringType]
"""What the version says of a monitor."""


async def handle(request: v201.GetMonitoringReportRequest, context: Context) -> Reply:
    """Accept, then report what is meant in as many parts as it takes (N02.FR.01, N02.FR.03).

    Raises:
        OcppError: OccurrenceConstraintViolation for more variables than announced (N02.FR.07).
    """
    return await answer(request, context, _monitoring)


async def answer(request: v201.GetMonitoringReportRequest, context: Context, write: Write) -> Reply:
    """Accept and report; `write` is the version's.

    Raises:
        OcppError: As `handle` does.
    """
    size = context.station.settings.integer(notify_report.LIMIT)
    if len(request.component_variable or ()) > size:
        raise OcppError(ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, f"at most {size} variables per message")
    if context.reports.is_busy:
        return Reply(v201.GetMonitoringReportResponse(status="Rejected", status_info=notify_report.BUSY))
    groups = context.monitoring.report(_kinds(request), _targets(request))
    if not groups:
        return Reply(v201.GetMonitoringReportResponse(status="EmptyResultSet"))
    parts = _parts(request.request_id, [_data(group, write) for group in groups], size, context.now())
    response = v201.GetMonitoringReportResponse(status="Accepted")
    return Reply(response, lambda: context.reports.send(context.backend.call, parts))


def _parts(
    request_id: int, data: list[v201.MonitoringDataType], size: int, at: datetime
) -> Iterator[v201.NotifyMonitoringReportRequest]:
    """Yield the messages in order; all but the last say that more is to come."""
    for seq_no, first in enumerate(range(0, len(data), size)):
        yield v201.NotifyMonitoringReportRequest(
            request_id=request_id,
            seq_no=seq_no,
            generated_at=at,
            tbc=first + size < len(data),
            monitor=tuple(data[first : first + size]),
        )


def _kinds(request: v201.GetMonitoringReportRequest) -> frozenset[Kind] | None:
    if request.monitoring_criteria is None:
        return None
    return frozenset(kind for criterion in request.monitoring_criteria for kind in _KINDS[criterion])


def _targets(request: v201.GetMonitoringReportRequest) -> tuple[Target, ...] | None:
    if request.component_variable is None:
        return None
    return tuple(map(_target, request.component_variable))


def _target(wanted: v201.ComponentVariableType) -> Target:
    component, variable = wanted.component, wanted.variable
    return Target(
        component=component.name,
        component_instance=component.instance,
        evse_id=None if component.evse is None else component.evse.id,
        connector_id=None if component.evse is None else component.evse.connector_id,
        variable=None if variable is None else variable.name,
        instance=None if variable is None else variable.instance,
    )


def _data(monitors: list[Monitor], write: Write) -> v201.MonitoringDataType:
    one = monitors[0]
    return v201.MonitoringDataType(
        component=component_at(one.name, one.place),
        variable=variable_named(one.name),
        variable_monitoring=tuple(map(write, monitors)),
    )


def _monitoring(monitor: Monitor) -> v201.VariableMonitoringType:
    return v201.VariableMonitoringType(
        id=monitor.id,
        transaction=monitor.needs_transaction,
        value=float(monitor.value),
        type=monitor.kind,
        severity=monitor.severity,
    )
