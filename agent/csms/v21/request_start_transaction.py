"""RequestStartTransaction: the backend starts charging for a driver (F01, F02)."""

from __future__ import annotations

from typing import cast

from agent.csms.dialect import Context, Reply
from agent.csms.v21 import charging_profile
from agent.csms.v201.request_start_transaction import answer
from ocppj.messages import v21, v201


async def handle(request: v21.RequestStartTransactionRequest, context: Context) -> Reply:
    """Say at once whether it can begin; authorize and begin after the answer is on its way."""
    return answer(cast("v201.RequestStartTransactionRequest", request), context, charging_profile.read)
