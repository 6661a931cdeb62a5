"""C01.FR.07: the response says why an identifier is not accepted; C09: groups; C10: the cache."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.authorization.verdict import Status, Token, Verdict, judge, key_of
from tests.unit.backend.seed import NOW

DAY = timedelta(days=1)
CARD = Token(type="RFID", contract_id="C", group_id="FLEET")


def status(*tokens: Token, kind: str = "ISO14443", remotely_started: bool = False) -> Status:
    return judge(kind, tokens, NOW, DAY, remotely_started=remotely_started).status


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (Token(type="RFID", contract_id="C"), "Accepted"),
        (Token(type="RFID", contract_id="C", blocked=True), "Blocked"),
        (Token(type="RFID", contract_id="C", expires_at=NOW), "Expired"),
        (Token(type="RFID", contract_id="C", expires_at=NOW + DAY), "Accepted"),
        (Token(type="RFID", contract_id="C", valid=False), "Invalid"),
        (Token(type="RFID", contract_id="C", blocked=True, valid=False, expires_at=NOW), "Blocked"),
    ],
)
def test_each_state_has_its_own_answer(token: Token, expected: Status) -> None:
    assert status(token) == expected


def test_unknown_is_not_invalid() -> None:
    assert status() == "Unknown"


def test_a_number_of_another_kind_of_token_is_invalid() -> None:
    """Somebody types a card's number as a PIN."""
    assert status(CARD, kind="KeyCode") == "Invalid"


def test_accepted_brings_the_group_and_the_end_of_the_cache() -> None:
    assert judge("ISO15693", (CARD,), NOW, DAY) == Verdict("Accepted", "FLEET", NOW + DAY)


def test_the_cache_ends_with_the_token() -> None:
    soon = Token(type="RFID", contract_id="C", expires_at=NOW + timedelta(hours=1))
    assert judge("ISO14443", (soon,), NOW, DAY).cache_until == NOW + timedelta(hours=1)


def test_a_token_that_must_be_asked_for_every_time_is_not_cached() -> None:
    never = Token(type="RFID", contract_id="C", whitelist="NEVER")
    assert judge("ISO14443", (never,), NOW, DAY).cache_until == NOW


def test_refused_tokens_are_not_cached_as_accepted() -> None:
    assert (
        judge("ISO14443", (Token(type="RFID", contract_id="C", blocked=True),), NOW, DAY).cache_until is None
    )


def test_start_button_needs_no_token() -> None:
    """C02."""
    assert status(kind="NoAuthorization") == "Accepted"


def test_an_identifier_that_the_operator_sent_is_accepted_unless_it_is_blocked() -> None:
    """C05; OCPI 2.2.1 StartSession."""
    assert status(kind="Central", remotely_started=True) == "Accepted"
    assert status(Token(type="APP_USER", contract_id="C"), kind="Central") == "Accepted"
    blocked = Token(type="APP_USER", contract_id="C", blocked=True)
    assert status(blocked, kind="Central", remotely_started=True) == "Blocked"


def test_identifiers_compare_without_case() -> None:
    assert key_of("0A1b") == key_of("0a1B")
