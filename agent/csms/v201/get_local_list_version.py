"""GetLocalListVersion: which list this station has (D02)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v201


async def handle(request: v201.GetLocalListVersionRequest, context: Context) -> Reply:
    """Answer with the list's version, 0 if there is none or it does not count (D02.FR.01 to D02.FR.03)."""
    version = context.station.authorizer.local_list.version
    return Reply(v201.GetLocalListVersionResponse(version_number=version))
