"""PublishFirmware: a local controller is to offer a firmware to the stations around (L03)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v201.reasons import status_info
from agent.firmware.publishing import Publishing, PublishRequest
from ocppj.messages import v201


async def handle(request: v201.PublishFirmwareRequest, context: Context) -> Reply:
    """Accept or not (L03.FR.05)."""
    why = await context.files.publisher.request(
        PublishRequest(
            request_id=request.request_id,
            location=request.location,
            checksum=request.checksum,
            retries=max(0, request.retries or 0),
            retry_interval_s=max(0, request.retry_interval or 0),
        )
    )
    return Reply(
        v201.PublishFirmwareResponse(
            status="Rejected" if why else "Accepted", status_info=status_info("NotPossible", why)
        )
    )


def status(record: Publishing | None) -> v201.PublishFirmwareStatusNotificationRequest:
    """Return the message that tells where it is; published, with the addresses (L03.FR.04)."""
    if record is None:
        return v201.PublishFirmwareStatusNotificationRequest(status="Idle")
    return v201.PublishFirmwareStatusNotificationRequest(
        status=record.status, request_id=record.request_id, location=record.locations or None
    )
