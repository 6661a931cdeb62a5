from __future__ import annotations

import pytest

from agent.csms.v201.device_model import component_of, find, place, variable_of
from agent.variables.model import STATION, Place, UnknownComponent, UnknownVariable
from ocppj.messages import v201
from tests.unit.agent.hardware import MemorySettings


def test_every_entry_is_found_by_the_name_it_is_reported_with() -> None:
    """B07 and B06 agree."""
    model = MemorySettings()
    for entry in model:
        assert find(model, component_of(entry), variable_of(entry)) is entry


def test_places() -> None:
    assert place(None) is STATION
    assert place(v201.EVSEType(id=1)) == Place(1)
    assert place(v201.EVSEType(id=1, connector_id=2)) == Place(1, 2)


def test_instances() -> None:
    """B06.FR.14, B06.FR.15: an empty instance is none."""
    model = MemorySettings()
    timeout = v201.VariableType(name="MessageTimeout", instance="Default")
    assert find(model, v201.ComponentType(name="OCPPCommCtrlr", instance=""), timeout)
    with pytest.raises(UnknownComponent):
        find(model, v201.ComponentType(name="OCPPCommCtrlr", instance="2"), timeout)
    with pytest.raises(UnknownVariable):
        find(
            model,
            v201.ComponentType(name="OCPPCommCtrlr"),
            v201.VariableType(name="MessageTimeout", instance=""),
        )
