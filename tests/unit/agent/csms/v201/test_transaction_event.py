from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from agent.csms.v201.transaction_event import message
from agent.transactions.records import Sample, SampledValue, Token, TransactionEvent, Trigger
from ocppj import codec
from ocppj.messages import v201

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
EVENT = TransactionEvent(
    kind="Started",
    trigger="RemoteStart",
    at=AT,
    transaction_id="tx",
    seq_no=0,
    evse_id=2,
    connector_id=1,
    offline=True,
    charging_state="EVConnected",
    token=Token(id="APP", type="Central"),
    remote_start_id=7,
    cable_limit_a=32,
    samples=(
        Sample(
            at=AT,
            context="Transaction.Begin",
            values=(SampledValue(measurand="Voltage", value=Decimal(230), unit="V"),),
        ),
    ),
)


def test_the_first_event() -> None:
    """E01.FR.07, E01.FR.10, E01.FR.16, E04.FR.03, F01.FR.25."""
    told = message(EVENT)
    assert codec.encode(told)
    assert (told.event_type, told.trigger_reason, told.seq_no, told.offline) == (
        "Started",
        "RemoteStart",
        0,
        True,
    )
    assert told.evse == v201.EVSEType(id=2, connector_id=1)
    assert told.id_token == v201.IdTokenType(id_token="APP", type="Central")
    assert told.transaction_info == v201.TransactionType(
        transaction_id="tx", charging_state="EVConnected", remote_start_id=7
    )
    assert told.meter_value is not None
    assert told.cable_max_current == 32


@pytest.mark.parametrize(
    ("trigger", "named"), [("CablePluggedIn", True), ("ChargingStateChanged", False), ("Authorized", False)]
)
def test_the_evse_is_named_again_when_the_cable_comes(trigger: Trigger, *, named: bool) -> None:
    """E01.FR.16."""
    told = message(replace(EVENT, kind="Updated", trigger=trigger))
    assert (told.evse is not None) is named


def test_the_last_event() -> None:
    """E06.FR.08; what there is not is left out."""
    told = message(
        replace(
            EVENT,
            kind="Ended",
            trigger="StopAuthorized",
            stopped_reason="Local",
            token=None,
            remote_start_id=None,
            cable_limit_a=None,
            samples=(),
        )
    )
    assert told.transaction_info.stopped_reason == "Local"
    assert (told.id_token, told.meter_value, told.evse, told.cable_max_current) == (None, None, None, None)


def test_the_number_of_phases() -> None:
    """E02.FR.18, E03.FR.13."""
    assert message(EVENT).number_of_phases_used is None
    assert message(replace(EVENT, kind="Updated", phases_used=3)).number_of_phases_used == 3
