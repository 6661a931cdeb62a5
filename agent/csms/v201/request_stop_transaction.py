"""RequestStopTransaction: the backend ends a transaction (F03)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v201


async def handle(request: v201.RequestStopTransactionRequest, context: Context) -> Reply:
    """Accept for a transaction that runs here, stop it after the answer; reject any other id (F03.FR.08)."""
    service = context.station.find_transaction(request.transaction_id)
    if not context.is_registered():
        return _rejected("CSNotAccepted", "the backend has not accepted this station yet")
    if service is None:
        return _rejected("TxNotFound", "no transaction of this id runs on this station")

    async def stop() -> None:
        await context.station.remote_stop(service)

    return Reply(v201.RequestStopTransactionResponse(status="Accepted"), stop)


def _rejected(code: str, why: str) -> Reply:
    info = v201.StatusInfoType(reason_code=code, additional_info=why)
    return Reply(v201.RequestStopTransactionResponse(status="Rejected", status_info=info))
