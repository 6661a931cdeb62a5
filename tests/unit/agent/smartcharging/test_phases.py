from __future__ import annotations

import pytest

from agent.smartcharging.phases import problem_with_phases
from tests.unit.agent.smartcharging.charging import profile

WIRED = {1: 3, 2: 1}
"""On how few phases each EVSE can put a vehicle; one that switches is like one with a single phase."""


@pytest.mark.parametrize(
    ("evse_id", "phases", "can_be_kept"),
    [
        (1, 3, True),
        (1, 2, False),  # K01.FR.43
        (1, 1, False),
        (2, 1, True),
        (2, 3, True),  # K01.FR.45: fewer are in use
        (0, 3, True),
        (0, 1, False),
    ],
)
def test_fewer_phases_than_are_wired_cannot_be_kept_to(evse_id: int, phases: int, can_be_kept: bool) -> None:
    limited = profile((0, 16), (60, 8, phases), evse_id=evse_id)
    problem = problem_with_phases(limited, WIRED)
    assert (problem is None) is can_be_kept
    assert problem is None or problem.reason == "UnsupportedParam"


def test_what_says_nothing_of_phases_can_be_kept_to() -> None:
    assert problem_with_phases(profile((0, 16)), WIRED) is None
    assert problem_with_phases(profile((0, 16, 1), evse_id=9), WIRED) is None, "no EVSE: said elsewhere"
