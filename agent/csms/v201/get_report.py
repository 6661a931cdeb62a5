"""GetReport: the backend asks for the variables of its choice (B08)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import notify_report
from agent.variables.selection import Wanted, select
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v201


async def handle(request: v201.GetReportRequest, context: Context) -> Reply:
    """Accept if there is anything to report, then send it in as many parts as its size takes.

    Raises:
        OcppError: OccurrenceConstraintViolation for more components and variables than announced (B08.FR.17).
    """
    model, named = context.station.settings, request.component_variable
    limit = model.integer(notify_report.LIMIT)
    if named is not None and len(named) > limit:
        raise OcppError(ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, f"at most {limit} items per message")
    if context.reports.is_busy:
        return Reply(v201.GetReportResponse(status="Rejected", status_info=notify_report.BUSY))
    wanted = None if named is None else [_wanted(one) for one in named]
    entries = select(list(model), model.value, request.component_criteria or (), wanted)
    if not entries:
        return Reply(v201.GetReportResponse(status="EmptyResultSet"))
    parts = notify_report.parts(request.request_id, entries, model, context.now())
    return Reply(
        v201.GetReportResponse(status="Accepted"), lambda: context.reports.send(context.backend.call, parts)
    )


def _wanted(named: v201.ComponentVariableType) -> Wanted:
    """Return what is named."""
    component, variable = named.component, named.variable
    evse = component.evse
    return Wanted(
        component=component.name,
        component_instance=component.instance or None,
        variable=None if variable is None else variable.name,
        instance=None if variable is None else variable.instance or None,
        evse_id=None if evse is None else evse.id,
        connector_id=None if evse is None else evse.connector_id,
    )
