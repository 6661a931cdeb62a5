"""RequestStopTransaction (F03): stop a transaction."""

from __future__ import annotations

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from ocppj.messages import v201


async def request_stop_transaction(
    station: Caller, transaction_id: str, *, timeout_s: float | None = None
) -> v201.RequestStopTransactionResponse:
    """Ask the station to stop a transaction of its own."""
    request = v201.RequestStopTransactionRequest(transaction_id=transaction_id)
    return await ask(station, request, v201.RequestStopTransactionResponse, timeout_s)
