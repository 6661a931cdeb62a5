from __future__ import annotations

import pytest

from agent.variables.model import STATION, Entry, Place
from agent.variables.selection import Criterion, Wanted, select
from tests.unit.agent.hardware import MemorySettings


def find(*criteria: Criterion, wanted: list[Wanted] | None = None) -> list[Entry]:
    settings = MemorySettings(AuthCacheCtrlr__Enabled="false")
    settings.provide("EVSE.Problem", lambda: "true", Place(2))
    for evse_id in (1, 2):
        settings.provide("ConnectorPlugRetentionLock.Active", lambda: "true", Place(evse_id, 1))
    return select(list(settings), settings.value, criteria, wanted)


def names(entries: list[Entry]) -> set[str]:
    return {entry.variable.name for entry in entries}


def test_without_criteria_or_names_it_is_everything() -> None:
    assert len(find()) == len(list(MemorySettings()))


def test_a_component_that_does_not_say_counts_as_available_and_enabled_and_not_as_a_problem() -> None:
    """B08.FR.07, B08.FR.08, B08.FR.09, B08.FR.10."""
    everything = names(find())
    idle = {name for name in everything if name.startswith("BayOccupancySensor.")}
    assert names(find("Active")) == everything - idle
    assert "OCPPCommCtrlr.HeartbeatInterval" in names(find("Available"))
    enabled = names(find("Enabled"))
    not_enabled = ("AuthCacheCtrlr.", "ISO15118Ctrlr.", "WebPaymentsCtrlr.")
    off = {name for name in everything if name.startswith(not_enabled)}
    assert everything - enabled == off
    assert {(entry.variable.component, entry.place) for entry in find("Problem")} == {("EVSE", Place(2))}


def test_several_criteria_are_alternatives() -> None:
    """B08.FR.11."""
    assert len(find("Problem", "Enabled")) == len(find("Enabled"))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(component="clockctrlr", variable="DATETIME"), {("ClockCtrlr.DateTime", STATION)}),
        (
            Wanted(component="EVSE", variable="AvailabilityState"),
            {("EVSE.AvailabilityState", Place(1)), ("EVSE.AvailabilityState", Place(2))},
        ),
        (
            Wanted(component="Connector", variable="ConnectorType", evse_id=2),
            {("Connector.ConnectorType", Place(2, 1))},
        ),
        (
            Wanted(component="DeviceDataCtrlr", variable="ItemsPerMessage", instance="getreport"),
            {("DeviceDataCtrlr.ItemsPerMessage[GetReport]", STATION)},
        ),
        (Wanted(component="EVSE", variable="AvailabilityState", evse_id=3), set()),
        (Wanted(component="ClockCtrlr", evse_id=1), set()),
        (Wanted(component="ClockCtrlr", variable="DateTime", instance="x"), set()),
        (Wanted(component="NoSuchCtrlr"), set()),
    ],
)
def test_what_is_left_open_matches_whatever_there_is(wanted: Wanted, found: set[tuple[str, Place]]) -> None:
    """B08.FR.19, B08.FR.20, B08.FR.21."""
    assert {(entry.variable.name, entry.place) for entry in find(wanted=[wanted])} == found


def test_a_component_without_a_variable_is_all_of_its_variables() -> None:
    entries = find(wanted=[Wanted(component="DeviceDataCtrlr")])
    assert len(entries) > 6
    assert {entry.variable.component for entry in entries} == {"DeviceDataCtrlr"}


def test_criteria_and_names_both_count() -> None:
    """B08.FR.05."""
    named = [Wanted(component="EVSE", variable="Power")]
    assert [entry.place for entry in find("Problem", wanted=named)] == [Place(2)]
    assert find("Problem", wanted=[Wanted(component="ClockCtrlr")]) == []
