"""CostUpdated: what a transaction costs so far (I02)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.system.concerning import concerning
from ocppj.messages import v201

log = logging.getLogger(__name__)


async def handle(request: v201.CostUpdatedRequest, context: Context) -> Reply:
    """Show the cost to the driver; the answer has no word for a transaction that does not run."""
    service = context.station.find_transaction(request.transaction_id)
    if service is None:
        with concerning(transaction=request.transaction_id):
            log.warning("the backend prices transaction %s, which does not run", request.transaction_id)
    else:
        evse_id = service.identity.evse_id
        await context.station.costs.charged(evse_id, request.transaction_id, request.total_cost)
    return Reply(v201.CostUpdatedResponse())
