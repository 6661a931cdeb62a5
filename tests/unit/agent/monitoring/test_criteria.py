from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.monitoring.criteria import Target, grouped
from agent.monitoring.records import Kind, Monitor
from agent.variables.model import STATION, Place

LIMIT = "MonitoringCtrlr.ItemsPerMessage"


def monitor(number: int, name: str, place: Place = STATION, kind: Kind = "Delta") -> Monitor:
    return Monitor(id=number, name=name, place=place, kind=kind, value=Decimal(1), severity=1)


MONITORS = [
    monitor(1, "ChargingStation.Problem"),
    monitor(2, "EVSE.Power", Place(1), "UpperThreshold"),
    monitor(3, "EVSE.Power", Place(2), "Periodic"),
    monitor(4, "EVSE.Power", Place(1), "Delta"),
    monitor(5, "Connector.AvailabilityState", Place(1, 1), "PeriodicClockAligned"),
    monitor(6, f"{LIMIT}[SetVariableMonitoring]"),
    monitor(7, f"{LIMIT}[ClearVariableMonitoring]"),
]


def ids(*targets: Target, kinds: frozenset[Kind] | None = None) -> list[list[int]]:
    found = grouped(MONITORS, kinds, targets or None)
    return [[one.id for one in group] for group in found]


def target(component: str, variable: str | None = None, **more: Any) -> Target:
    return replace(Target(component=component, variable=variable), **more)


def test_everything_by_variable() -> None:
    assert ids() == [[1], [2, 4], [3], [5], [6], [7]]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (target("evse", "power"), [[2, 4], [3]]),
        (target("EVSE", "Power", evse_id=2), [[3]]),
        (target("EVSE", "Power", evse_id=1, connector_id=1), []),
        (target("Connector", evse_id=1), [[5]]),
        (target("Connector", evse_id=1, connector_id=1), [[5]]),
        (target("Connector", evse_id=1, connector_id=2), []),
        (target("EVSE"), [[2, 4], [3]]),
        (target("MonitoringCtrlr", "ItemsPerMessage"), [[6], [7]]),
        (target("MonitoringCtrlr", "ItemsPerMessage", instance="setvariablemonitoring"), [[6]]),
        (target("EVSE", component_instance="left"), []),
        (target("EVSE", "Temperature"), []),
        (target("Unheard"), []),
    ],
)
def test_what_is_not_named_is_any(wanted: Target, expected: list[list[int]]) -> None:
    """N02.FR.16, N02.FR.17, N02.FR.18, N02.FR.19, N02.FR.20, N02.FR.21."""
    assert ids(wanted) == expected


def test_both_criteria_and_variables_must_fit() -> None:
    """N02.FR.05, N02.FR.06, N02.FR.08."""
    deltas: frozenset[Kind] = frozenset({"Delta"})
    assert ids(kinds=deltas) == [[1], [4], [6], [7]]
    assert ids(target("EVSE"), target("ChargingStation"), kinds=deltas) == [[1], [4]]
    assert ids(target("Connector"), kinds=deltas) == []
