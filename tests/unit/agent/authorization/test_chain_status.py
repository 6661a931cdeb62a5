"""How long answers about certificates stand, and what they refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent.authorization.chain_status import CertificateStatus, Status, is_fresh, kept_until, revoked
from certs.hash_data import HashData

NOW = datetime(2026, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)
NAMED = HashData(algorithm="SHA256", issuer_name_hash="a", issuer_key_hash="b", serial_number="c")


def found(status: Status, after: timedelta = DAY) -> CertificateStatus:
    return CertificateStatus(named=NAMED, status=status, next_update=NOW + after)


@pytest.mark.parametrize("status", ["Good", "Revoked"])
def test_an_answer_is_kept_until_there_is_news_and_a_week_at_most(status: Status) -> None:
    """M07.FR.09."""
    assert kept_until(found(status), NOW) == NOW + DAY
    assert kept_until(found(status, 30 * DAY), NOW) == NOW + 7 * DAY
    assert kept_until(found(status, timedelta(0)), NOW) is None


@pytest.mark.parametrize("status", ["Unknown", "Failed"])
def test_what_is_no_authoritys_word_is_not_kept(status: Status) -> None:
    assert kept_until(found(status), NOW) is None


def test_what_was_kept_by_a_wrong_clock_does_not_stand() -> None:
    assert is_fresh(NOW + 7 * DAY, NOW)
    assert not is_fresh(NOW, NOW)
    assert not is_fresh(NOW + 8 * DAY, NOW)


def test_only_a_revoked_certificate_refuses_a_chain() -> None:
    assert revoked((found("Good"), found("Unknown"), found("Failed"))) is None
    assert revoked((found("Good"), found("Revoked"))) == found("Revoked")
