"""UpdateFirmware: the backend wants other firmware, unsigned and without a number (OCPP 1.6, 5.19)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.csms.v16.unnumbered import UNNUMBERED
from agent.firmware.records import UpdateRequest
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.UpdateFirmwareRequest, context: Context) -> Reply:
    """Begin it; the answer says nothing, a refusal is told as a failed download."""
    answer = await context.files.firmware.request(
        UpdateRequest(
            request_id=UNNUMBERED,
            location=request.location,
            retrieve_at=request.retrieve_date,
            retries=max(0, request.retries or 0),
            retry_interval_s=max(0, request.retry_interval or 0),
        )
    )
    if answer.verdict in ("Accepted", "AcceptedCanceled"):
        return Reply(v16.UpdateFirmwareResponse())
    log.warning("firmware not updated: %s", answer.why)

    async def refuse() -> None:
        await context.backend.call(v16.FirmwareStatusNotificationRequest(status="DownloadFailed"))

    return Reply(v16.UpdateFirmwareResponse(), refuse)
