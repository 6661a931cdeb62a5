"""UsePriorityCharging and NotifyPriorityCharging: all that can be given, for one transaction (K21, K22)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.station.priority import PriorityChanged
from ocppj.messages import v21


async def handle(request: v21.UsePriorityChargingRequest, context: Context) -> Reply:
    """Let the transaction have it, or no longer."""
    priority = context.station.priority
    status = await priority.use(request.transaction_id, is_wanted=request.activate)
    info = None
    if status == "Rejected":
        info = v21.StatusInfoType(reason_code="TxNotFound")
    elif status == "NoProfile":
        info = v21.StatusInfoType(reason_code="NoProfile")
    return Reply(v21.UsePriorityChargingResponse(status=status, status_info=info))


def changed(record: PriorityChanged) -> v21.NotifyPriorityChargingRequest:
    """Return the message that tells it."""
    return v21.NotifyPriorityChargingRequest(transaction_id=record.transaction_id, activated=record.is_active)
