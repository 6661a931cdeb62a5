"""RequestStartTransaction (F01, F02): start charging for an identifier."""

from __future__ import annotations

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from ocppj.messages import v201


async def request_start_transaction(
    station: Caller,
    *,
    remote_start_id: int,
    id_token: str,
    id_token_type: v201.IdTokenEnumType,
    evse_id: int | None = None,
    group_id: str | None = None,
    timeout_s: float | None = None,
) -> v201.RequestStartTransactionResponse:
    """Ask the station to start. `remote_start_id` comes back in the transaction's events (F01.FR.25)."""
    request = v201.RequestStartTransactionRequest(
        remote_start_id=remote_start_id,
        id_token=v201.IdTokenType(id_token=id_token, type=id_token_type),
        evse_id=evse_id,
        group_id_token=None if group_id is None else v201.IdTokenType(id_token=group_id, type="Central"),
    )
    return await ask(station, request, v201.RequestStartTransactionResponse, timeout_s)
