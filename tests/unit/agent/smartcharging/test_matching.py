from __future__ import annotations

from typing import Any

import pytest

from agent.smartcharging.matching import Criteria, by_place_and_source, clearable
from tests.unit.agent.smartcharging.charging import profile

PROFILES = [
    profile((0, 16), id=1, evse_id=0, purpose="ChargingStationExternalConstraints", source="SO"),
    profile((0, 16), id=2, purpose="ChargingStationMaxProfile"),
    profile((0, 16), id=3, evse_id=1),
    profile((0, 16), id=4, evse_id=1, stack_level=2),
    profile((0, 16), id=5, evse_id=2, purpose="TxProfile"),
]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"ids": frozenset({3, 9})}, [3]),
        ({"evse_id": 0}, [1, 2]),
        ({"evse_id": 1, "stack_level": 2}, [4]),
        ({"purpose": "TxProfile"}, [5]),
        ({"sources": frozenset({"SO", "EMS"})}, [1]),
    ],
)
def test_every_criterion_must_be_met(wanted: dict[str, Any], ids: list[int]) -> None:
    """K09.FR.04, K10.FR.04."""
    assert [one.id for one in PROFILES if one in Criteria(**wanted)] == ids


def test_external_constraints_are_not_the_backends_to_clear() -> None:
    assert [one.id for one in clearable(PROFILES, Criteria())] == [2, 3, 4, 5]
    assert clearable(PROFILES, Criteria(ids=frozenset({1}))) == []


def test_reports_are_of_one_evse_and_one_source_each() -> None:
    groups = [[one.id for one in group] for group in by_place_and_source(PROFILES)]
    assert groups == [[2], [1], [3, 4], [5]]


def test_large_profiles_are_reported_in_several_messages() -> None:
    large = [
        profile(*((second, 16) for second in range(400)), id=number, stack_level=number)
        for number in range(3)
    ]
    small = [profile((0, 16), id=number, stack_level=number) for number in range(3, 6)]
    groups = [[one.id for one in group] for group in by_place_and_source([*large, *small])]
    assert groups == [[0], [1], [2, 3, 4, 5]]
