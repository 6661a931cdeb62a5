"""What the backend says of prices and costs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from agent.csms.dialect import After, Context, Reply
from agent.csms.v16 import status_notification
from agent.csms.v16.costmsg import messages
from agent.store.database import StoreError
from ocppj.messages import v16

log = logging.getLogger(__name__)

_PATIENCE_S: Final = 10.0
_LOOK_S: Final = 0.1
"""A price comes on the heels of the authorization, and the driver may still be on the way to the EVSE."""

_Done = tuple[bool, After | None]


async def handle(request: v16.DataTransferRequest, context: Context) -> Reply:
    """Take a message; Rejected if it cannot be read, or is of a transaction that nobody knows."""
    known = _HANDLERS.get(request.message_id or "")
    if known is None:
        return Reply(v16.DataTransferResponse(status="UnknownMessageId"))
    kind, take = known
    try:
        is_taken, after = await take(msgspec.json.decode(request.data or "{}", type=kind), context)
    except msgspec.DecodeError as error:
        log.warning("%s over DataTransfer: %s", request.message_id, error)
        is_taken, after = False, None
    except StoreError as error:
        log.error("a cost is shown but not kept: %s", error)
        is_taken, after = True, None
    return Reply(v16.DataTransferResponse(status="Accepted" if is_taken else "Rejected"), after)


async def _user_price(request: messages.SetUserPrice, context: Context) -> _Done:
    text = messages.told(request.price_text, request.price_text_extra)

    async def tell() -> None:
        for _ in range(int(_PATIENCE_S / _LOOK_S)):
            for evse_id, service in context.station.evses.items():
                driver = service.state.authorization
                if driver is not None and driver.token.id.casefold() == request.id_token.casefold():
                    context.station.costs.update(evse_id, text)
                    return
            await asyncio.sleep(_LOOK_S)
        log.info("a price came for a driver who did not")

    return True, tell


async def _running_cost(request: messages.RunningCost, context: Context) -> _Done:
    found = _session(request.transaction_id, context)
    if found is None:
        return False, None
    evse_id, transaction_id = found
    await context.station.running_costs.price(
        evse_id,
        transaction_id,
        request.transaction_id,
        request.read(),
        request.trigger_meter_value.read(),
        status_notification.status,
    )
    return True, None


async def _final_cost(request: messages.FinalCost, context: Context) -> _Done:
    found, costs = _session(request.transaction_id, context), context.station.costs
    if found is None:
        return False, None
    evse_id, transaction_id = found
    await costs.charged(evse_id, transaction_id, request.cost, is_final=True)
    context.station.running_costs.settled(evse_id)
    if request.price_text:
        costs.update(evse_id, messages.told(request.price_text, request.price_text_extra))
    if request.qr_code_text:
        costs.receipt(evse_id, request.qr_code_text)
    return True, None


def _session(number: int, context: Context) -> tuple[int, str] | None:
    """Return EVSE and id of a transaction, while it runs and until the next one there."""
    transaction_id = context.accounts.transaction_of(number)
    service = None if transaction_id is None else context.station.find_transaction(transaction_id)
    if service is not None and transaction_id is not None:
        return service.identity.evse_id, transaction_id
    return context.station.running_costs.evse_of(number)


_HANDLERS: Final[dict[str, tuple[Any, Callable[[Any, Context], Awaitable[_Done]]]]] = {
    "FinalCost": (messages.FinalCost, _final_cost),
    "RunningCost": (messages.RunningCost, _running_cost),
    "SetUserPrice": (messages.SetUserPrice, _user_price),
}
