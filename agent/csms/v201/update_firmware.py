"""UpdateFirmware: the backend wants other firmware on this station (L01, L02)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v201.reasons import status_info
from agent.firmware.records import FirmwareStatus, UpdateRequest
from ocppj.messages import v201


async def handle(request: v201.UpdateFirmwareRequest, context: Context) -> Reply:
    """Answer once certificate and circumstances were looked at; the update itself follows by itself."""
    firmware = request.firmware
    answer = await context.files.firmware.request(
        UpdateRequest(
            request_id=request.request_id,
            location=firmware.location,
            retrieve_at=firmware.retrieve_date_time,
            install_at=firmware.install_date_time,
            signing_certificate=firmware.signing_certificate,
            signature=firmware.signature,
            retries=max(0, request.retries or 0),
            retry_interval_s=max(0, request.retry_interval or 0),
        )
    )
    info = status_info("NotPossible", answer.why)
    return Reply(v201.UpdateFirmwareResponse(status=answer.verdict, status_info=info))


def status(record: FirmwareStatus | None) -> v201.FirmwareStatusNotificationRequest:
    """Return the message that tells where the update is; Idle has no request (L01.FR.20)."""
    if record is None:
        return v201.FirmwareStatusNotificationRequest(status="Idle")
    return v201.FirmwareStatusNotificationRequest(status=record.status, request_id=record.request_id)
