"""GetDiagnostics: the backend wants the log sent somewhere (OCPP 1.6, 5.9)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v16.unnumbered import UNNUMBERED
from agent.logs.service import LogRequest
from ocppj.messages import v16


async def handle(request: v16.GetDiagnosticsRequest, context: Context) -> Reply:
    """Answer with the file's name; without one if there is nothing to send."""
    answer = await context.files.logs.request(
        LogRequest(
            request_id=UNNUMBERED,
            kind="DiagnosticsLog",
            location=request.location,
            oldest=request.start_time,
            latest=request.stop_time,
            retries=max(0, request.retries or 0),
            retry_interval_s=max(0, request.retry_interval or 0),
        )
    )
    return Reply(v16.GetDiagnosticsResponse(file_name=answer.file_name))
