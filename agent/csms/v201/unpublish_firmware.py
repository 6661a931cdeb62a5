"""UnpublishFirmware: a local controller is to offer a firmware no more (L04)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v201


async def handle(request: v201.UnpublishFirmwareRequest, context: Context) -> Reply:
    """Withdraw it unless somebody is fetching it."""
    return Reply(
        v201.UnpublishFirmwareResponse(status=await context.files.publisher.withdraw(request.checksum))
    )
