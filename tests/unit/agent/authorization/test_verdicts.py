from __future__ import annotations

from datetime import timedelta

import pytest

from agent.authorization.verdicts import Verdict
from tests.unit.agent.hardware import START


@pytest.mark.parametrize(
    ("verdict", "admitted"),
    [
        (Verdict(status="Accepted"), True),
        (Verdict(status="Accepted", evse_ids=(2, 3)), True),
        (Verdict(status="Accepted", evse_ids=(1,)), False),
        (Verdict(status="Invalid"), False),
    ],
)
def test_a_token_is_good_for_the_evses_that_the_backend_named(verdict: Verdict, *, admitted: bool) -> None:
    """C01.FR.21."""
    assert verdict.admits_to(2) is admitted


def test_groups_compare_without_case_and_nobody_is_in_the_group_without_a_name() -> None:
    assert Verdict(status="Accepted", group_id="Fleet").is_of_group("FLEET")
    assert not Verdict(status="Accepted", group_id="Fleet").is_of_group("Other")
    assert not Verdict(status="Accepted", group_id="").is_of_group("")
    assert not Verdict(status="Accepted").is_of_group("")


def test_what_has_a_date_holds_until_then() -> None:
    verdict = Verdict(status="Accepted", expires_at=START)
    assert verdict.at(START - timedelta(seconds=1)) == verdict
    assert verdict.at(START).status == "Expired"
    assert Verdict(status="Blocked", expires_at=START).at(START).status == "Blocked"
