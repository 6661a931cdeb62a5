from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.station.causes import cause_of
from agent.station.events import LimitChanged, LimitReached, PilotChanged, VehicleArrived
from agent.transactions.limits import LimitKind
from drivers.readings import Pilot

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "trigger", "reason"),
    [
        ("cost", "CostLimitReached", "LocalOutOfCredit"),
        ("energy", "EnergyLimitReached", "EnergyLimitReached"),
        ("soc", "SoCLimitReached", "SOCLimitReached"),
        ("time", "TimeLimitReached", "TimeLimitReached"),
    ],
)
def test_a_limit_that_is_reached_is_named(kind: LimitKind, trigger: str, reason: str) -> None:
    cause = cause_of(LimitReached(at=NOW, kind=kind))
    assert (cause.trigger, cause.reason, cause.reports_always) == (trigger, reason, True)


def test_a_limit_that_was_raised_is_no_news_of_its_own() -> None:
    assert not cause_of(LimitReached(at=NOW, kind=None)).reports_always


@pytest.mark.parametrize("is_significant", [True, False])
def test_only_a_significant_change_of_the_limit_is_told_by_itself(is_significant: bool) -> None:
    event = LimitChanged(at=NOW, is_limited=False, is_significant=is_significant)
    assert cause_of(event).reports_always is is_significant


def test_a_vehicle_in_the_bay_is_told_and_a_pilot_that_changes_nothing_is_not() -> None:
    """E02.FR.17: what a running transaction is told of even if nothing else changes."""
    assert cause_of(VehicleArrived(at=NOW)).reports_always
    assert not cause_of(PilotChanged(at=NOW, pilot=Pilot.C)).reports_always
