"""GetBaseReport (B07): have a charger report its device model."""

from __future__ import annotations

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from ocppj.messages import v201


async def get_base_report(
    station: Caller,
    request_id: int,
    report_base: v201.ReportBaseEnumType = "FullInventory",
    *,
    timeout_s: float | None = None,
) -> v201.GetBaseReportResponse:
    """Ask for a report; it comes in NotifyReport calls, which a charger that is not accepted yet may send."""
    station.expect("NotifyReport")
    request = v201.GetBaseReportRequest(request_id=request_id, report_base=report_base)
    return await ask(station, request, v201.GetBaseReportResponse, timeout_s)
