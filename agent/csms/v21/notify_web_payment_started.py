"""NotifyWebPaymentStarted: somebody pays for an EVSE on the web; it waits (C25)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v21


async def handle(request: v21.NotifyWebPaymentStartedRequest, context: Context) -> Reply:
    """Keep the EVSE, or with 0 each, from other drivers for as long as the backend says."""
    for evse_id in context.station.evses:
        if request.evse_id in (0, evse_id):
            context.station.web_hold.begin(evse_id, request.timeout)
    return Reply(v21.NotifyWebPaymentStartedResponse())
