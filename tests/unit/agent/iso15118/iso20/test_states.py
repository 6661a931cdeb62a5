"""Every cell of the table: what is possible goes on as the table says, what is not is out of sequence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.iso15118.iso20.messages import LEAST, payload_type_of, schema_of
from agent.iso15118.iso20.states import TABLE, Kind, Phase
from certs.exi.tables import schema
from tests.unit.agent.iso15118.iso20.vehicle import Vehicle

BEYOND_A_CARD = (Phase.EXPIRING, Phase.JOINED)
"""Phases that a vehicle with a card does not come to: it is put there."""


def _names(kind: Kind) -> list[str]:
    return [name for name in LEAST if not name.startswith("DC_" if kind == "AC" else "AC_")]


CELLS = [(kind, phase, name) for kind, table in TABLE.items() for phase in table for name in _names(kind)]


def _at(kind: Kind, phase: Phase) -> Vehicle:
    if phase not in BEYOND_A_CARD:
        return Vehicle(kind).go_to(phase)
    vehicle = Vehicle(kind).go_to(Phase.PARAMETERS)
    vehicle.state = replace(vehicle.state, phase=phase)
    return vehicle


@pytest.mark.parametrize(("kind", "phase", "name"), CELLS)
def test_every_request_in_every_phase(kind: Kind, phase: Phase, name: str) -> None:
    """V2G20-459."""
    vehicle = _at(kind, phase)
    response = vehicle.send(name)
    following = TABLE[kind][phase].get(name)
    if following is None:
        assert response["ResponseCode"] == "FAILED_SequenceError"
    if vehicle.ending == "error":
        assert response["ResponseCode"].startswith("FAILED")
        assert vehicle.is_in(Phase.OVER)
    else:
        assert following is not None
        assert not response["ResponseCode"].startswith("FAILED")
        assert vehicle.state.phase in following


def test_every_message_of_a_vehicle_is_in_the_list() -> None:
    requests = {
        root.name
        for name in ("iso20_common", "iso20_ac", "iso20_dc")
        for root in schema(name).roots
        if root.name.endswith("Req")
    }
    assert requests == set(LEAST)


@pytest.mark.parametrize("kind", ["AC", "DC"])
def test_the_table_names_requests_and_phases_that_there_are(kind: Kind) -> None:
    for phase, row in TABLE[kind].items():
        for name, following in row.items():
            assert schema_of(kind, payload_type_of(kind, name)) is not None
            assert following <= TABLE[kind].keys(), (phase, name)


@pytest.mark.parametrize("kind", ["AC", "DC"])
def test_every_phase_can_be_reached_and_left(kind: Kind) -> None:
    reached, waiting = set[Phase](), [Phase.SETUP]
    while waiting:
        phase = waiting.pop()
        if phase not in reached:
            reached.add(phase)
            waiting += [after for following in TABLE[kind][phase].values() for after in following]
    assert reached == TABLE[kind].keys()
    assert [phase for phase, row in TABLE[kind].items() if not row] == [Phase.OVER]
