"""GetBaseReport: the backend asks for one of the standard's reports (B07)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import notify_report
from agent.variables.declared import Variable
from ocppj.messages import v201


async def handle(request: v201.GetBaseReportRequest, context: Context) -> Reply:
    """Accept, then send the report in as many parts as its size takes (B07.FR.01, B07.FR.03)."""
    model = context.station.settings
    if context.reports.is_busy:
        return Reply(v201.GetBaseReportResponse(status="Rejected", status_info=notify_report.BUSY))
    entries = [entry for entry in model if _belongs(entry.variable, request.report_base)]
    parts = notify_report.parts(request.request_id, entries, model, context.now())
    response = v201.GetBaseReportResponse(status="Accepted")
    return Reply(response, lambda: context.reports.send(context.backend.call, parts))


def _belongs(variable: Variable, base: v201.ReportBaseEnumType) -> bool:
    """Return whether a variable is in the report (B07.FR.07, B07.FR.08, B07.FR.09)."""
    match base:
        case "ConfigurationInventory":
            return variable.mutability != "ReadOnly"
        case "FullInventory":
            return True
        case "SummaryInventory":
            return variable.in_summary
