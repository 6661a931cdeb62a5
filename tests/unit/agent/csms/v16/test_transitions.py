"""The table of status transitions (OCPP 1.6 edition 2, 4.9), cell by cell: rows are before, columns after."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import pytest

from agent.csms.v16 import status_notification
from agent.csms.v16.dialect import Dialect16
from agent.station.connector import ConnectorView
from agent.station.events import (
    Authorized,
    Event,
    FaultCleared,
    FaultFound,
    FinalReadingTaken,
    LimitChanged,
    PilotChanged,
    PluggedIn,
    PowerReported,
    ReservationChanged,
    ServiceChanged,
    TurnPassed,
    Unplugged,
    Withdrawn,
)
from agent.station.evse import EvseState, step
from agent.transactions.points import Points
from agent.transactions.records import Authorization, Token
from drivers.readings import Pilot

T0 = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CARD = Token(id="CARD", type="ISO14443")
WORDS: Final = [
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEV",
    "SuspendedEVSE",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
]
TABLE: Final = """
- x x x x - x x x
x - x x x x - - x
x - - x x x - x x
x - x - x x - x x
x - x x - x - x x
x x - - - - - x x
x x - - - - - x x
x x x x x - - - x
x x x x x x x x x
"""
"""What the standard permits; I9 is a fault that follows another."""
CELLS: Final = {
    f"{row_name}{number}": (before, after, mark == "x")
    for row_name, before, row in zip("ABCDEFGHI", WORDS, TABLE.split("\n")[1:-1], strict=True)
    for number, (after, mark) in enumerate(zip(WORDS, row.split(), strict=True), start=1)
}
CALM: Final = ConnectorView(evse_id=1, connector_id=1, status="Occupied", charging_state="EVConnected")
VIEWS: Final = {
    "Available": replace(CALM, status="Available", charging_state="Idle"),
    "Preparing": CALM,
    "Charging": replace(CALM, charging_state="Charging", has_driver=True),
    "SuspendedEV": replace(CALM, charging_state="SuspendedEV", has_driver=True),
    "SuspendedEVSE": replace(CALM, charging_state="SuspendedEVSE", has_driver=True),
    "Finishing": replace(CALM, has_finished=True),
    "Reserved": replace(CALM, status="Reserved", charging_state="Idle"),
    "Unavailable": replace(CALM, status="Unavailable", charging_state="Idle"),
    "Faulted": replace(CALM, status="Faulted", fault="over current"),
}
DIALECT: Final = Dialect16()


def told(before: ConnectorView, after: ConnectorView) -> list[str]:
    """Return what the backend has been told once it knows `after`, beginning with `before`."""
    between = DIALECT.status_between(before, after)
    views = (before, after) if between is None else (before, between, after)
    return [status_notification.message(view, T0).status for view in views]


@pytest.mark.parametrize("cell", CELLS)
def test_a_permitted_transition_is_told_as_it_is_and_a_forbidden_one_never(cell: str) -> None:
    before, after, is_permitted = CELLS[cell]
    way = told(VIEWS[before], VIEWS[after])
    assert (way[0], way[-1]) == (before, after)
    if before == after:
        assert len(way) == 2, "only a fault or a question makes the same status be told again"
        return
    assert (len(way) == 2) is is_permitted
    steps = list(itertools.pairwise(way))
    assert all((*one, True) in CELLS.values() for one in steps), f"{way} leaves the table"


PLUG, UNPLUG = PluggedIn(at=T0, pilot=Pilot.B), Unplugged(at=T0)
DRIVER = Authorized(at=T0, authorization=Authorization(token=CARD, granted_at=T0, reservation_id=5))
STOP = Withdrawn(at=T0, trigger="StopAuthorized", reason="Local", token=CARD)
END = FinalReadingTaken(at=T0)
ON, OFF = PowerReported(at=T0, is_on=True), PowerReported(at=T0, is_on=False)
DRAWS, RESTS = PilotChanged(at=T0, pilot=Pilot.C), PilotChanged(at=T0, pilot=Pilot.B)
LIMITED, FREE = (LimitChanged(at=T0, is_limited=limited, is_significant=True) for limited in (True, False))
FAULT, CURE = FaultFound(at=T0, fault="over current"), FaultCleared(at=T0)
CLOSE, OPEN = (ServiceChanged(at=T0, is_closed=closed) for closed in (True, False))
RESERVE, RELEASE = (ReservationChanged(at=T0, is_reserved=reserved) for reserved in (True, False))
CHARGING = (PLUG, DRIVER, ON, DRAWS)
FINISHING = (*CHARGING, RESTS, STOP, OFF, END)

WAYS: Final[dict[str, Sequence[Event]]] = {
    "A2": [PLUG],
    "A7": [RESERVE],
    "A8": [CLOSE],
    "A9": [FAULT],
    "B1": [PLUG, UNPLUG],
    "B3": CHARGING,
    "B4": [PLUG, DRIVER, ON, TurnPassed(at=T0)],
    "B5": [PLUG, LIMITED, DRIVER],
    "B6": [PLUG, DRIVER, STOP],
    "B9": [PLUG, FAULT],
    "C4": [*CHARGING, RESTS],
    "C5": [*CHARGING, LIMITED],
    "C6": [*CHARGING, STOP],
    "C9": [*CHARGING, FAULT],
    "D3": [*CHARGING, RESTS, DRAWS],
    "D5": [*CHARGING, RESTS, LIMITED],
    "D6": [*CHARGING, RESTS, UNPLUG],
    "D9": [*CHARGING, RESTS, FAULT],
    "E3": [*CHARGING, LIMITED, FREE],
    "E4": [*CHARGING, RESTS, LIMITED, FREE],
    "E6": [*CHARGING, LIMITED, UNPLUG],
    "E9": [*CHARGING, LIMITED, FAULT],
    "F1": [*FINISHING, UNPLUG],
    "F2": [*FINISHING, DRIVER],
    "F8": [*FINISHING, CLOSE],
    "F9": [*FINISHING, FAULT],
    "G1": [RESERVE, RELEASE],
    "G2": [RESERVE, PLUG, DRIVER],
    "G8": [RESERVE, CLOSE],
    "G9": [RESERVE, FAULT],
    "H1": [CLOSE, OPEN],
    "H2": [CLOSE, PLUG, OPEN],
    "H9": [CLOSE, FAULT],
    "I1": [FAULT, CURE],
    "I2": [PLUG, FAULT, CURE],
    "I3": [*CHARGING, FAULT, CURE],
    "I4": [*CHARGING, RESTS, FAULT, CURE],
    "I5": [*CHARGING, LIMITED, FAULT, CURE],
    "I6": [*FINISHING, FAULT, CURE],
    "I7": [RESERVE, FAULT, CURE],
    "I8": [CLOSE, FAULT, CURE],
    "I9": [FAULT, replace(FAULT, fault="no ground")],
}
QUICK: Final = ["A3", "A4", "A5", "C1", "C8", "D1", "D8", "E1", "E8", "H3", "H4", "H5"]
"""Permitted, and told if a connector goes through others before the backend has answered."""


@pytest.mark.parametrize("cell", WAYS)
def test_a_permitted_transition_comes_about(cell: str) -> None:
    before, after, _ = CELLS[cell]
    *way, last = WAYS[cell]
    state = EvseState()
    for event in way:
        state, _ = step(state, event, Points(), "transaction")
    assert word(state) == before
    state, _ = step(state, last, Points(), "transaction")
    assert word(state) == after


def test_every_permitted_transition_has_its_way() -> None:
    assert {cell for cell, (_, _, is_permitted) in CELLS.items() if is_permitted} == {*WAYS, *QUICK}


@pytest.mark.parametrize(
    ("way", "last", "expected"),
    [
        ([PLUG], CLOSE, ["Preparing", "Finishing", "Unavailable"]),
        ([PLUG], RESERVE, ["Preparing", "Available", "Reserved"]),
        ([*FINISHING, LIMITED], DRIVER, ["Finishing", "Preparing", "SuspendedEVSE"]),
        ([RESERVE, PLUG, LIMITED], DRIVER, ["Reserved", "Preparing", "SuspendedEVSE"]),
        ([*FINISHING, CLOSE], OPEN, ["Unavailable", "Preparing", "Finishing"]),
        ([RESERVE, CLOSE], OPEN, ["Unavailable", "Available", "Reserved"]),
    ],
)
def test_what_a_connector_does_in_one_step_is_told_in_two(
    way: Sequence[Event], last: Event, expected: list[str]
) -> None:
    state = EvseState()
    for event in way:
        state, _ = step(state, event, Points(), "transaction")
    after, _ = step(state, last, Points(), "transaction")
    assert told(view(state), view(after)) == expected


def view(state: EvseState) -> ConnectorView:
    return ConnectorView(
        evse_id=1,
        connector_id=1,
        status=state.status,
        charging_state=state.charging_state,
        has_driver=state.authorization is not None,
        has_finished=state.has_finished or state.is_ending,
        fault=state.fault,
    )


def word(state: EvseState) -> str:
    return status_notification.status(view(state))
