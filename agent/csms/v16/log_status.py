"""How an upload goes: DiagnosticsStatusNotification, LogStatusNotification (4.4; security extension, 5.7)."""

from __future__ import annotations

from agent.csms.v16.unnumbered import UNNUMBERED
from agent.logs.service import LogStatus
from ocppj.messages import v16
from ocppj.messages.fields import Payload


def message(record: LogStatus | None) -> Payload | None:
    """Return the message that tells how the upload goes, None if this version has no word for it."""
    if record is None:
        return v16.LogStatusNotificationRequest(status="Idle")
    if record.status == "AcceptedCanceled":
        return None
    if record.request_id == UNNUMBERED:
        return diagnostics(record)
    return v16.LogStatusNotificationRequest(status=record.status, request_id=record.request_id)


def diagnostics(record: LogStatus | None) -> v16.DiagnosticsStatusNotificationRequest:
    """Return the message of 1.6 without its security extension."""
    match None if record is None else record.status:
        case "Uploading":
            return v16.DiagnosticsStatusNotificationRequest(status="Uploading")
        case "Uploaded":
            return v16.DiagnosticsStatusNotificationRequest(status="Uploaded")
        case None:
            return v16.DiagnosticsStatusNotificationRequest(status="Idle")
        case _:
            return v16.DiagnosticsStatusNotificationRequest(status="UploadFailed")
