"""TransactionEvent as OCPP 2.1 has it: with tariff and cost, limits and all reasons (I08, I12, E16, E17)."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import cast

from msgspec.structs import replace

from agent.csms.dialect import EventAnswer
from agent.csms.v21.authorize import id_token
from agent.csms.v21.carry import carry
from agent.csms.v21.cost_details import details
from agent.csms.v21.meter_values import meter_value
from agent.csms.v201 import transaction_event
from agent.transactions.limits import TxLimit
from agent.transactions.records import StopReason, TransactionEvent
from ocppj.messages import v21, v201


def message(event: TransactionEvent) -> v21.TransactionEventRequest:
    """Return the event."""
    carried = cast("v21.TransactionEventRequest", carry(transaction_event.message(event, meter_value)))
    info = carried.transaction_info
    return replace(
        carried,
        trigger_reason=event.trigger,
        transaction_info=replace(
            info,
            tariff_id=event.tariff_id,
            stopped_reason=_reason(event.stopped_reason, info),
            transaction_limit=None if event.limit is None else _limit_message(event.limit),
        ),
        id_token=None if event.token is None else id_token(event.token),
        cost_details=None if event.cost is None else details(event.cost),
    )


def _reason(reason: StopReason | None, told: v21.TransactionType) -> v21.ReasonEnumType | None:
    """Return why it stopped, where 2.0.1 has no word for it."""
    return reason if reason == "ReqEnergyTransferRejected" else told.stopped_reason


def read_answer(response: v21.TransactionEventResponse) -> EventAnswer:
    """Return what the backend said: as in 2.0.1, and how far the transaction may go (E16)."""
    answer = transaction_event.read_answer(cast("v201.TransactionEventResponse", response))
    limit = response.transaction_limit
    return dataclasses.replace(answer, limit=None if limit is None else _read_limit(limit))


def _limit_message(limit: TxLimit) -> v21.TransactionLimitType:
    return v21.TransactionLimitType(
        max_cost=limit.cost,
        max_energy=None if limit.energy_wh is None else float(limit.energy_wh),
        max_time=limit.time_s,
        max_soc=limit.soc,
    )


def _read_limit(limit: v21.TransactionLimitType) -> TxLimit:
    return TxLimit(
        cost=limit.max_cost,
        energy_wh=None if limit.max_energy is None else Decimal(str(limit.max_energy)),
        time_s=limit.max_time,
        soc=limit.max_soc,
    )
