"""TransactionEvent: tells one fact about a transaction (E01 to E15)."""

from __future__ import annotations

from collections.abc import Callable

from agent.csms.dialect import EventAnswer
from agent.csms.v201 import authorize
from agent.csms.v201.authorize import id_token
from agent.csms.v201.meter_values import meter_value
from agent.transactions.records import Sample, StopReason, TransactionEvent, Trigger
from ocppj.messages import v201

Write = Callable[[Sample], v201.MeterValueType]


def message(event: TransactionEvent, write: Write = meter_value) -> v201.TransactionEventRequest:
    """Return the event. The first one names the EVSE, and so does the one of the cable (E01.FR.16).

    `write` is how the version writes the values of one moment.
    """
    return v201.TransactionEventRequest(
        event_type=event.kind,
        trigger_reason=_trigger(event.trigger),
        timestamp=event.at,
        seq_no=event.seq_no,
        offline=event.offline,
        cable_max_current=event.cable_limit_a,
        number_of_phases_used=event.phases_used,
        reservation_id=event.reservation_id,
        transaction_info=v201.TransactionType(
            transaction_id=event.transaction_id,
            charging_state=event.charging_state,
            stopped_reason=_reason(event.stopped_reason),
            remote_start_id=event.remote_start_id,
        ),
        evse=_evse(event) if _names_evse(event) else None,
        id_token=None if event.token is None else id_token(event.token),
        meter_value=tuple(map(write, event.samples)) or None,
    )


def read_answer(response: v201.TransactionEventResponse) -> EventAnswer:
    """Return what the backend said of the driver, the cost, and what the driver is to be told (I03, I06)."""
    verdict = None if response.id_token_info is None else authorize.verdict(response.id_token_info)
    told = authorize.personal_text(response.updated_personal_message)
    if told is None and verdict is not None:
        told = verdict.text
    return EventAnswer(verdict=verdict, total_cost=response.total_cost, text=told)


def _trigger(trigger: Trigger) -> v201.TriggerReasonEnumType:
    """Return what caused it; of what this version has no word for, it says nothing new."""
    match trigger:
        case "RunningCost" | "TariffChanged":
            return "ChargingStateChanged"
        case "TariffNotAccepted":
            return "Deauthorized"
        case "CostLimitReached" | "LimitSet" | "SoCLimitReached" | "TxResumed":
            return "ChargingStateChanged"
        case _:
            return trigger


def _reason(reason: StopReason | None) -> v201.ReasonEnumType | None:
    """Return why it stopped; three words of OCPP 1.6 have others here, and one of 2.1 has none."""
    match reason:
        case "HardReset" | "SoftReset":
            return "ImmediateReset"
        case "UnlockCommand":
            return "Remote"
        case "ReqEnergyTransferRejected":
            return "Other"
        case _:
            return reason


def _names_evse(event: TransactionEvent) -> bool:
    return event.kind == "Started" or event.trigger == "CablePluggedIn"


def _evse(event: TransactionEvent) -> v201.EVSEType:
    return v201.EVSEType(id=event.evse_id, connector_id=event.connector_id)
