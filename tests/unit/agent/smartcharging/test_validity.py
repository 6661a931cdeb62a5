from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.smartcharging.profiles import Period, Profile, Schedule
from agent.smartcharging.validity import Rules, problem_with
from tests.unit.agent.smartcharging.charging import NOON, TRANSACTION, minutes, profile, schedule

RULES = Rules(
    transactions={1: TRANSACTION, 2: None},
    units=frozenset({"A", "W"}),
    most_stack_level=10,
    most_periods=4,
    most_profiles=3,
)


def reason(one: Profile, *installed: Profile, rules: Rules = RULES) -> str | None:
    problem = problem_with(one, installed, rules, NOON)
    return None if problem is None else problem.reason


@pytest.mark.parametrize(
    "good",
    [
        profile((0, 16)),
        profile((0, 16), evse_id=0),
        profile((0, 16), purpose="ChargingStationMaxProfile"),
        profile((0, 16), (10, 0), purpose="TxProfile", kind="Relative"),
        profile((0, 16, 1), kind="Recurring", recurrency="Weekly", unit="W"),
        profile((0, 16), valid_from=NOON + minutes(5), valid_to=NOON + minutes(9)),
    ],
    ids=["evse", "all", "station", "tx", "weekly", "later"],
)
def test_these_can_be_installed(good: Profile) -> None:
    assert reason(good) is None


@pytest.mark.parametrize(
    ("requirement", "members", "expected"),
    [
        ("K01.FR.28", {"evse_id": 3}, "UnknownEvse"),
        ("K01.FR.22", {"purpose": "ChargingStationExternalConstraints", "evse_id": 0}, "InvalidProfile"),
        ("K01.FR.03 station", {"purpose": "ChargingStationMaxProfile", "evse_id": 1}, "InvalidProfile"),
        ("K01.FR.16", {"purpose": "TxProfile", "evse_id": 0}, "InvalidProfile"),
        ("K01.FR.03", {"purpose": "TxProfile", "transaction_id": None}, "InvalidProfile"),
        ("K01.FR.09", {"purpose": "TxProfile", "evse_id": 2}, "TxNotFound"),
        ("K01.FR.33", {"purpose": "TxProfile", "transaction_id": "T-9"}, "TxNotFound"),
        ("K01.FR.38", {"purpose": "ChargingStationMaxProfile", "kind": "Relative"}, "InvalidProfile"),
        ("K01.FR.40", {"start": None}, "InvalidSchedule"),
        ("K01.FR.41", {"kind": "Relative", "schedules": (schedule((0, 6)),)}, "InvalidSchedule"),
        ("recurrency missing", {"kind": "Recurring"}, "InvalidProfile"),
        ("recurrency too many", {"recurrency": "Daily"}, "InvalidProfile"),
        ("over", {"valid_to": NOON}, "InvalidProfile"),
        ("never", {"valid_from": NOON + minutes(2), "valid_to": NOON + minutes(1)}, "InvalidProfile"),
        ("stack level", {"stack_level": 11}, "InvalidStackLevel"),
        ("default with transaction", {"transaction_id": "T-1"}, "InvalidProfile"),
        ("duration", {"duration_s": 0}, "InvalidSchedule"),
    ],
)
def test_these_cannot(requirement: str, members: dict[str, Any], expected: str) -> None:
    assert reason(profile((0, 16), **members)) == expected, requirement


@pytest.mark.parametrize(
    ("requirement", "steps", "expected"),
    [
        ("K01.FR.31", [(5, 16)], "InvalidSchedule"),
        ("K01.FR.35", [(0, 16), (20, 10), (10, 6)], "InvalidSchedule"),
        ("K01.FR.35 twice", [(0, 16), (0, 10)], "InvalidSchedule"),
        ("no period", [], "InvalidSchedule"),
        ("too many", [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)], "InvalidSchedule"),
        ("negative", [(0, -1)], "InvalidValue"),
        ("phases", [(0, 16, 4)], "InvalidValue"),
    ],
)
def test_these_schedules_cannot(requirement: str, steps: list[Any], expected: str) -> None:
    assert reason(profile(*steps)) == expected, requirement


def test_a_unit_that_the_station_does_not_know() -> None:
    """K01.FR.26."""
    assert (
        reason(profile((0, 16), unit="W"), rules=replace(RULES, units=frozenset({"A"})))
        == "UnsupportedRateUnit"
    )


@pytest.mark.parametrize(
    ("may_switch", "phases", "phase", "expected"),
    [
        (False, 1, 2, "UnsupportedParam"),
        (True, 3, 2, "InvalidValue"),
        (True, 1, 4, "InvalidValue"),
        (True, 1, 2, None),
    ],
)
def test_a_phase_to_use(may_switch: bool, phases: int, phase: int, expected: str | None) -> None:
    """K01.FR.19, K01.FR.20, K01.FR.48."""
    period = Period(start_s=0, limit=RULES_LIMIT, phases=phases, phase_to_use=phase)
    one = profile(schedules=(Schedule(id=1, unit="A", periods=(period,), start=NOON),))
    assert reason(one, rules=replace(RULES, may_switch_phases=may_switch)) == expected


RULES_LIMIT = schedule((0, 16)).periods[0].limit


def test_two_of_a_kind_cannot_be_valid_at_once() -> None:
    """K01.FR.06, K01.FR.39."""
    first = profile((0, 16), id=1, valid_to=NOON + minutes(60))
    assert reason(profile((0, 10), id=2), first) == "DuplicateProfile"
    assert reason(profile((0, 10), id=2, valid_from=NOON + minutes(60)), first) is None
    assert reason(profile((0, 10), id=2, stack_level=1), first) is None
    assert reason(profile((0, 10), id=2, evse_id=2), first) is None
    own = profile((0, 10), id=3, purpose="TxProfile", valid_to=NOON + minutes(5))
    later = profile((0, 10), id=4, purpose="TxProfile", valid_from=NOON + minutes(5))
    assert reason(later, own) == "DuplicateProfile"  # K01.FR.39 knows no validity


def test_a_default_for_all_and_one_for_an_evse_are_on_different_levels() -> None:
    """K01.FR.52, K01.FR.53."""
    for_all, for_one = profile((0, 16), id=1, evse_id=0), profile((0, 10), id=2, evse_id=1)
    assert reason(for_one, for_all) == "DuplicateProfile"
    assert reason(for_all, for_one) == "DuplicateProfile"
    assert reason(replace(for_one, stack_level=1), for_all) is None


def test_several_schedules_are_for_a_vehicle_that_chooses() -> None:
    """K01.FR.34."""
    offer = profile(purpose="TxProfile", schedules=(schedule((0, 16)), schedule((0, 10))))
    assert reason(offer) == "InvalidSchedule"
    negotiating = replace(RULES, negotiating=frozenset({1}))
    assert reason(offer, rules=negotiating) is None
    default = profile(schedules=(schedule((0, 16)), schedule((0, 10))))
    assert reason(default, rules=negotiating) == "InvalidSchedule"


def test_a_profile_takes_the_place_of_the_one_with_its_id() -> None:
    """K01.FR.05; but not of an external constraint."""
    assert reason(profile((0, 10), id=1), profile((0, 16), id=1)) is None
    external = profile((0, 16), id=1, purpose="ChargingStationExternalConstraints", evse_id=0)
    assert reason(profile((0, 10), id=1), external) == "InvalidProfile"


def test_there_is_room_for_so_many() -> None:
    installed = [profile((0, 10), id=number, stack_level=number) for number in range(3)]
    assert reason(profile((0, 10), id=9, stack_level=9), *installed) == "RateLimitExceeded"
    assert reason(profile((0, 10), id=2, stack_level=9), *installed) is None
