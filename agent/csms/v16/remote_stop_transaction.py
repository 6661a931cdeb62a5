"""RemoteStopTransaction: the backend ends a transaction (OCPP 1.6, 5.12)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v16


async def handle(request: v16.RemoteStopTransactionRequest, context: Context) -> Reply:
    """Accept for the number of a transaction that runs here, stop it after the answer; reject any other."""
    transaction_id = context.accounts.transaction_of(request.transaction_id)
    service = None if transaction_id is None else context.station.find_transaction(transaction_id)
    if service is None or not context.is_registered():
        return Reply(v16.RemoteStopTransactionResponse(status="Rejected"))

    async def stop() -> None:
        await context.station.remote_stop(service)

    return Reply(v16.RemoteStopTransactionResponse(status="Accepted"), stop)
