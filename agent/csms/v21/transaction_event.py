"""TransactionEvent as OCPP 2.1 has it: with tariff and cost (I08, I11, I12)."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from agent.csms.v21.authorize import id_token
from agent.csms.v21.carry import carry
from agent.csms.v21.cost_details import details
from agent.csms.v201 import transaction_event
from agent.transactions.records import TransactionEvent
from ocppj.messages import v21


def message(event: TransactionEvent) -> v21.TransactionEventRequest:
    """Return the event."""
    carried = cast("v21.TransactionEventRequest", carry(transaction_event.message(event)))
    return replace(
        carried,
        trigger_reason=event.trigger,
        transaction_info=replace(carried.transaction_info, tariff_id=event.tariff_id),
        id_token=None if event.token is None else id_token(event.token),
        cost_details=None if event.cost is None else details(event.cost),
    )
