"""TransactionEvent as OCPP 2.1 has it: with tariff and cost, limits and all reasons (I08, I12, E16, E17)."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from agent.csms.v21.authorize import id_token
from agent.csms.v21.carry import carry
from agent.csms.v21.cost_details import details
from agent.csms.v201 import transaction_event
from agent.transactions.records import StopReason, TransactionEvent
from ocppj.messages import v21


def message(event: TransactionEvent) -> v21.TransactionEventRequest:
    """Return the event."""
    carried = cast("v21.TransactionEventRequest", carry(transaction_event.message(event)))
    info = carried.transaction_info
    return replace(
        carried,
        trigger_reason=event.trigger,
        transaction_info=replace(
            info, tariff_id=event.tariff_id, stopped_reason=_reason(event.stopped_reason, info)
        ),
        id_token=None if event.token is None else id_token(event.token),
        cost_details=None if event.cost is None else details(event.cost),
    )


def _reason(reason: StopReason | None, told: v21.TransactionType) -> v21.ReasonEnumType | None:
    """Return why it stopped, where 2.0.1 has no word for it."""
    return reason if reason == "ReqEnergyTransferRejected" else told.stopped_reason
