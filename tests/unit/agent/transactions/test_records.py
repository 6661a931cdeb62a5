from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.transactions.records import (
    Authorization,
    Sample,
    SampledValue,
    StopReason,
    Token,
    TokenDetail,
    Transaction,
    TransactionEvent,
)

T0 = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=zones)  # noqa: DTZ001 - the zone is drawn
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12)


def granted(token_id: str = "CARD", group_id: str | None = None) -> Authorization:
    return Authorization(token=Token(id=token_id, type="ISO14443"), granted_at=T0, group_id=group_id)


samples = st.builds(
    Sample,
    at=moments,
    values=st.lists(st.builds(SampledValue, value=amounts, phase=st.sampled_from([None, "L1-N"]))).map(tuple),
)
events = st.builds(
    TransactionEvent,
    at=moments,
    token=st.none() | st.builds(Token),
    remote_start_id=st.none() | st.integers(),
    stopped_reason=st.none() | st.sampled_from(get_args(StopReason)),
    samples=st.lists(samples, max_size=3).map(tuple),
)


@given(events)
def test_an_event_survives_the_store(event: TransactionEvent) -> None:
    """Enumerations, decimals and times come back as they were."""
    assert msgspec.json.decode(msgspec.json.encode(event), type=TransactionEvent) == event


@given(
    st.builds(Transaction, started_at=moments, token=st.none() | st.builds(Token), begin=st.none() | samples)
)
def test_a_transaction_survives_the_store(transaction: Transaction) -> None:
    assert msgspec.json.decode(msgspec.json.encode(transaction), type=Transaction) == transaction


def test_a_member_that_a_newer_version_added_is_no_obstacle() -> None:
    stored = b'{"id":"x","next_seq_no":1,"started_at":"2026-01-02T03:04:05Z","charging_state":"Idle","new":1}'
    assert msgspec.json.decode(stored, type=Transaction).token is None


@pytest.mark.parametrize(
    ("driver", "card", "group", "admitted"),
    [
        (granted("CARD"), "CARD", None, True),
        (granted("CARD"), "card", None, True),
        (granted("CARD"), "OTHER", None, False),
        (granted("CARD", "GROUP"), "OTHER", "group", True),
        (granted("CARD", "GROUP"), "OTHER", "ELSE", False),
        (granted("CARD"), "OTHER", "GROUP", False),
        (granted("CARD", "GROUP"), "OTHER", None, False),
    ],
)
def test_who_may_stop_what_another_started(
    driver: Authorization, card: str, group: str | None, *, admitted: bool
) -> None:
    """C01.FR.03, C09.FR.03; identifiers compare without case."""
    assert driver.admits(Token(id=card, type="ISO14443"), group) is admitted


def test_a_token_of_another_type_is_another_token() -> None:
    assert not granted("CARD").admits(Token(id="CARD", type="KeyCode"))


def test_how_a_driver_pays_does_not_tell_one_from_another() -> None:
    """C01.FR.25."""
    card = Token(id="PSP-1", type="DirectPayment", details=(TokenDetail(kind="PaymentBrand", text="VISA"),))
    assert card.is_same_as(Token(id="psp-1", type="DirectPayment"))
    assert not card.is_same_as(Token(id="PSP-1", type="eMAID"))
    assert (card.detail("PaymentBrand"), card.detail("CardBin")) == ("VISA", None)
