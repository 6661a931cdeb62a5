"""GetTransactionStatus: whether a transaction runs, and whether messages about it still wait (E14)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v201


async def handle(request: v201.GetTransactionStatusRequest, context: Context) -> Reply:
    """Without an id it is about the messages of all transactions, and says nothing of any (E14.FR.06)."""
    wanted = request.transaction_id
    is_ongoing = None if wanted is None else context.station.find_transaction(wanted) is not None
    return Reply(
        v201.GetTransactionStatusResponse(
            ongoing_indicator=is_ongoing, messages_in_queue=await context.accounts.has_waiting(wanted)
        )
    )
