"""A transaction as OCPP 1.6 tells it: StartTransaction, MeterValues, StopTransaction (4.7, 4.8, 4.10).

Pure: an event and the account go in, the next part comes out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agent.csms.dialect import Part
from agent.csms.v16 import meter_values
from agent.csms.v16.authorize import id_tag
from agent.transactions.account import Account
from agent.transactions.records import StopReason, TransactionEvent
from ocppj.messages import v16
from ocppj.messages.fields import Payload

_REASONS: Final[dict[StopReason, v16.Reason]] = {
    "DeAuthorized": "DeAuthorized",
    "EVDisconnected": "EVDisconnected",
    "HardReset": "HardReset",
    "ImmediateReset": "SoftReset",
    "Local": "Local",
    "MasterPass": "Local",
    "PowerLoss": "PowerLoss",
    "Reboot": "Reboot",
    "Remote": "Remote",
    "SoftReset": "SoftReset",
    "UnlockCommand": "UnlockCommand",
}
"""The rest (StoppedByEV, Timeout, LocalOutOfCredit, Other) is Other here (7.36)."""


def next_part(account: Account, event: TransactionEvent) -> Part | None:
    """Return what is still to be told of this event, or None.

    Raises:
        CannotBeTold: If the driver's token cannot be told in this version.
    """
    if account.number is None:
        if account.token is None or account.opened_at is None:
            return None
        return Part(request=_start(account, event), name="start", is_of_transaction=True)
    if event.kind == "Ended":
        return None if account.is_closed else Part(request=_stop(account, event), name="stop")
    if event.seq_no == account.told_seq_no or not _has_more_than_the_register(event):
        return None
    values = meter_values.message(event.evse_id, event.samples, account.number)
    return Part(request=values, name="values")


def answered(account: Account, event: TransactionEvent, response: Payload) -> Account:
    """Return the account after the backend's answer to a part."""
    match response:
        case v16.StartTransactionResponse():
            return replace(account, number=response.transaction_id)
        case v16.StopTransactionResponse():
            return replace(account, is_closed=True)
        case _:
            return replace(account, told_seq_no=event.seq_no)


def id_tag_info(response: Payload) -> v16.IdTagInfo | None:
    """Return what the backend says of the driver in its answer, if anything."""
    if isinstance(response, v16.StartTransactionResponse | v16.StopTransactionResponse):
        return response.id_tag_info
    return None


def _start(account: Account, event: TransactionEvent) -> v16.StartTransactionRequest:
    if account.token is None or account.opened_at is None:
        raise AssertionError("an account opens with a driver")
    return v16.StartTransactionRequest(
        connector_id=event.evse_id,
        id_tag=id_tag(account.token),
        meter_start=account.opened_wh or 0,
        reservation_id=event.reservation_id,
        timestamp=account.opened_at,
    )


def _stop(account: Account, event: TransactionEvent) -> v16.StopTransactionRequest:
    if account.number is None:
        raise AssertionError("an account without a number is not closed")
    return v16.StopTransactionRequest(
        transaction_id=account.number,
        id_tag=None if event.token is None else id_tag(event.token),
        meter_stop=account.last_wh,
        timestamp=event.at,
        reason=_reason(event.stopped_reason),
        transaction_data=tuple(map(meter_values.transaction_data, event.samples)) or None,
    )


def _reason(reason: StopReason | None) -> v16.Reason | None:
    return None if reason is None else _REASONS.get(reason, "Other")


def _has_more_than_the_register(event: TransactionEvent) -> bool:
    """Return whether the event has values that the opening entry does not carry."""
    if event.kind != "Started":
        return bool(event.samples)
    return any(sample.signed is not None or len(sample.values) > 1 for sample in event.samples)
