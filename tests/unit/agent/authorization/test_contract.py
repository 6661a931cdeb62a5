from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.authorization.contract import Checked, Evidence, StatusQuestion, evidence, offline
from agent.authorization.rules import Known, Rules
from agent.authorization.verdicts import Verdict
from certs.hash_data import HashData

NOW = datetime(2026, 5, 1, tzinfo=UTC)
QUESTIONS = tuple(
    StatusQuestion(
        named=HashData(
            algorithm="SHA256", issuer_name_hash="aa", issuer_key_hash="bb", serial_number=str(number)
        ),
        responder_url="http://ocsp.example/",
    )
    for number in range(5)
)
VALID = Checked(outcome="valid", questions=QUESTIONS)
INVALID = Checked(outcome="invalid", why="expired", flaw="CertificateExpired")
NO_ROOT = Checked(outcome="no root", why="nobody issued it")
LISTED = Known(verdict=Verdict(status="Accepted"), source="list")
BLOCKED = Known(verdict=Verdict(status="Blocked"), source="cache")


def test_what_the_station_judged_itself_goes_with_questions_about_its_status() -> None:
    """C07.FR.02: four at most, the leaf first."""
    assert evidence(VALID, "PEM", backend_may_judge=True) == Evidence(questions=QUESTIONS[:4])


def test_a_chain_that_nobody_here_can_judge_is_the_backends_if_it_may() -> None:
    """C07.FR.06."""
    assert evidence(NO_ROOT, "PEM", backend_may_judge=True) == Evidence(chain="PEM")
    assert evidence(NO_ROOT, "PEM", backend_may_judge=False) is None


@pytest.mark.parametrize("may_judge", [False, True])
def test_what_is_wrong_is_not_asked_about(may_judge: bool) -> None:
    assert evidence(INVALID, "PEM", backend_may_judge=may_judge) is None


@pytest.mark.parametrize("known", [None, LISTED])
def test_without_leave_nobody_is_judged_offline(known: Known | None) -> None:
    """C07.FR.07."""
    rules = Rules(admits_unknown_offline=True)
    assert offline(VALID, known, rules, NOW, may_judge=False) == Verdict(status="Offline")


@pytest.mark.parametrize(
    ("checked", "refused"),
    [
        (INVALID, Verdict(status="Expired", certificate="CertificateExpired")),
        (NO_ROOT, Verdict(status="Invalid", certificate="CertChainError")),
    ],
)
def test_a_chain_that_is_not_valid_charges_nobody_offline(checked: Checked, refused: Verdict) -> None:
    """C07.FR.08: and the vehicle can be told why."""
    rules = Rules(admits_unknown_offline=True)
    assert offline(checked, LISTED, rules, NOW, may_judge=True) == refused


def test_offline_a_valid_chain_counts_as_its_emaid_does() -> None:
    """C07.FR.08, C07.FR.09, C07.FR.10, C07.FR.11, C07.FR.12."""
    assert offline(VALID, LISTED, Rules(), NOW, may_judge=True).is_accepted
    assert offline(VALID, BLOCKED, Rules(), NOW, may_judge=True).status == "Blocked"
    unknown = Rules(admits_unknown_offline=True)
    assert offline(VALID, None, unknown, NOW, may_judge=True).is_accepted
    assert not offline(VALID, None, Rules(), NOW, may_judge=True).is_accepted
