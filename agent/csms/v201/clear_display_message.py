"""ClearDisplayMessage: the backend takes a text back (O05)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v201


async def handle(request: v201.ClearDisplayMessageRequest, context: Context) -> Reply:
    """Forget the message, if there is one with this id (O05.FR.01, O05.FR.02)."""
    is_cleared = await context.display.clear(request.id)
    return Reply(v201.ClearDisplayMessageResponse(status="Accepted" if is_cleared else "Unknown"))
