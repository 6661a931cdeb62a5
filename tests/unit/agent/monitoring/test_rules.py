from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.monitoring.records import Monitor
from agent.monitoring.rules import MOST_CUSTOM, Proposal, refusal
from agent.variables.model import Place
from tests.unit.agent.hardware import MemorySettings

SETTINGS = MemorySettings()
POWER = SETTINGS.find("EVSE", "Power", None, Place(1))
STATE = SETTINGS.find("EVSE", "AvailabilityState", None, Place(1))
RANGE = (0, 11_040)
HARD = Monitor(
    id=7, name="EVSE.Power", place=Place(1), kind="Delta", value=Decimal(1), severity=1, origin="HardWired"
)


def proposal(**members: Any) -> Proposal:
    plain = Proposal(entry=POWER, kind="UpperThreshold", value=Decimal(100), severity=4)
    return replace(plain, **members)


def refused(one: Proposal, *installed: Monitor, range_of: tuple[int | None, int | None] = RANGE) -> str:
    found = refusal(one, {monitor.id: monitor for monitor in installed}, range_of, most_streams=2)
    return "" if found is None else f"{found.status} {found.reason}"


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, ""),
        ({"value": Decimal(11_040)}, ""),
        ({"value": Decimal(11_041)}, "Rejected ValueOutOfRange"),  # N04.FR.06
        ({"value": Decimal(-1), "kind": "LowerThreshold"}, "Rejected ValueOutOfRange"),
        ({"entry": STATE}, "UnsupportedMonitorType UnsupportedParam"),  # N04.FR.05
        ({"entry": STATE, "kind": "Delta", "value": Decimal(-1)}, "Rejected ValuePositiveOnly"),  # N04.FR.14
        ({"kind": "Delta", "value": Decimal(0)}, ""),
        ({"kind": "Delta", "value": Decimal(99_999)}, ""),
        ({"kind": "Periodic", "value": Decimal("0.5")}, "Rejected ValueOutOfRange"),
        ({"kind": "PeriodicClockAligned", "value": Decimal(900)}, ""),
        ({"severity": 10}, "Rejected ValueOutOfRange"),
        ({"severity": -1}, "Rejected ValueOutOfRange"),
        ({"id": 3}, "Rejected NotFound"),  # N04.FR.13
        ({"id": 7}, "Rejected ReadOnly"),  # N04.FR.18
    ],
)
def test_what_may_be_set(members: dict[str, Any], expected: str) -> None:
    assert refused(proposal(**members), HARD) == expected


def test_a_variable_without_known_limits_has_none() -> None:
    assert refused(proposal(value=Decimal(10**9)), range_of=(None, None)) == ""


def test_a_twin_is_refused_but_one_may_take_its_own_place() -> None:
    """N04.FR.10, N04.FR.12."""
    first = proposal().monitor(1)
    assert refused(proposal(value=Decimal(50)), first) == "Duplicate DuplicateParam"
    assert refused(proposal(value=Decimal(50), id=1), first) == ""
    assert refused(proposal(severity=5), first) == ""
    assert refused(proposal(kind="LowerThreshold"), first) == ""
    second = proposal(severity=5).monitor(2)
    assert refused(proposal(severity=5, id=1), first, second) == "Duplicate DuplicateParam"


def test_a_monitor_keeps_its_variable() -> None:
    """N04.FR.16."""
    first = proposal().monitor(1)
    moved = SETTINGS.find("EVSE", "Power", None, Place(2))
    assert refused(proposal(entry=moved, id=1), first) == "Rejected InvalidValue"


def test_there_is_an_end_to_how_many_there_are() -> None:
    many = [replace(proposal().monitor(number), name=f"EVSE.V{number}") for number in range(MOST_CUSTOM)]
    assert refused(proposal(), *many) == "Rejected OutOfMemory"
    assert refused(proposal(), *many[1:], HARD) == ""
