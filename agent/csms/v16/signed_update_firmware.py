"""SignedUpdateFirmware: the backend wants other firmware, signed (security extension, 5.11)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.firmware.records import UpdateRequest
from ocppj.messages import v16

log = logging.getLogger(__name__)


async def handle(request: v16.SignedUpdateFirmwareRequest, context: Context) -> Reply:
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
    if answer.why:
        log.warning("firmware update %s: %s", answer.verdict, answer.why)
    return Reply(v16.SignedUpdateFirmwareResponse(status=answer.verdict))
