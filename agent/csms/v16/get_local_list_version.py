"""GetLocalListVersion: which list this station has (OCPP 1.6, 5.10)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v16

_NOT_SUPPORTED = -1


async def handle(request: v16.GetLocalListVersionRequest, context: Context) -> Reply:
    """Answer with the list's version: 0 if it is empty, -1 while lists are not enabled."""
    local_list = context.station.authorizer.local_list
    if not local_list.is_enabled:
        return Reply(v16.GetLocalListVersionResponse(list_version=_NOT_SUPPORTED))
    version = local_list.version if local_list.figures.entries else 0
    return Reply(v16.GetLocalListVersionResponse(list_version=version))
