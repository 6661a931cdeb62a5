"""GetLog: the backend wants a log sent somewhere (N01)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v201.reasons import status_info
from agent.logs.service import LogRequest, LogStatus
from ocppj.messages import v201


async def handle(request: v201.GetLogRequest, context: Context) -> Reply:
    """Answer with the file's name (N01.FR.01), also where another upload had to make room (N01.FR.12)."""
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
        info = status_info("NotFound", answer.why)
        return Reply(v201.GetLogResponse(status="Rejected", status_info=info))
    status: v201.LogStatusEnumType = "AcceptedCanceled" if answer.has_cancelled else "Accepted"
    return Reply(v201.GetLogResponse(status=status, filename=answer.file_name))


def status(record: LogStatus | None) -> v201.LogStatusNotificationRequest:
    """Return the message that tells how the upload goes; Idle has no request (N01.FR.13)."""
    if record is None:
        return v201.LogStatusNotificationRequest(status="Idle")
    return v201.LogStatusNotificationRequest(status=record.status, request_id=record.request_id)
