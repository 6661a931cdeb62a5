"""GetLog: the backend wants a log sent somewhere (security extension, 5.4)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.logs.service import LogRequest
from ocppj.messages import v16


async def handle(request: v16.GetLogRequest, context: Context) -> Reply:
    """Answer with the file's name, also where another upload had to make room."""
    answer = await context.files.logs.request(
        LogRequest(
            request_id=request.request_id,
            kind=request.log_type,
            location=request.log.remote_location,
            oldest=request.log.oldest_timestamp,
            latest=request.log.latest_timestamp,
            retries=max(0, request.retries or 0),
            retry_interval_s=max(0, request.retry_interval or 0),
        )
    )
    if answer.file_name is None:
        return Reply(v16.GetLogResponse(status="Rejected"))
    status: v16.LogStatusEnumType = "AcceptedCanceled" if answer.has_cancelled else "Accepted"
    return Reply(v16.GetLogResponse(status=status, filename=answer.file_name))
