"""What a backend needs of a transaction's beginning and has been told of it, whatever version it speaks.

Remembered between the events of one transaction; survives a power cut with them. OCPP 1.6 keeps an account:
opened (StartTransaction), given values (MeterValues), closed (StopTransaction), under the backend's number.
A station that changes to 1.6 in mid session opens the account then, with the count of the beginning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from agent.transactions.records import Sample, Token, TransactionEvent

_REGISTER = "Energy.Active.Import.Register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One transaction as the backend has it. Stored as JSON: add members with a default only.

    `number` is OCPP 1.6's transactionId, None until the backend gave one. `told_seq_no` is the event
    told last. `opened_wh` and `last_wh` are counts of the energy register: with the driver, and latest.
    """

    transaction_id: str
    number: int | None = None
    token: Token | None = None
    opened_at: datetime | None = None
    opened_wh: int | None = None
    last_wh: int = 0
    told_seq_no: int = -1
    is_closed: bool = False


def noted(account: Account, event: TransactionEvent) -> Account:
    """Return the account with what this event says, before anything of it is told.

    An account opens with its first driver: with a cable alone there is none yet (OCPP 1.6, 4.8).
    """
    counted_wh = register_wh(event.samples)
    account = replace(account, last_wh=account.last_wh if counted_wh is None else counted_wh)
    if account.token is None and event.token is not None:
        account = replace(account, token=event.token, opened_at=event.at, opened_wh=account.last_wh)
    return account


def register_wh(samples: Iterable[Sample]) -> int | None:
    """Return the latest count of the energy register among these values."""
    counts = [
        int(value.value)
        for sample in samples
        for value in sample.values
        if value.measurand == _REGISTER and value.phase is None
    ]
    return counts[-1] if counts else None
