from __future__ import annotations

import pytest

from agent.variables.checks import ValueRefused
from agent.variables.model import STATION, Place, UnknownComponent, UnknownVariable
from tests.unit.agent.hardware import MemorySettings


def test_every_place_has_the_variables_of_its_level() -> None:
    found = {(entry.place, entry.variable.name) for entry in MemorySettings()}
    assert (STATION, "TxCtrlr.TxStartPoint") in found
    assert (Place(2), "EVSE.Power") in found
    assert (Place(2, 1), "Connector.ConnectorType") in found
    assert (Place(2), "Connector.ConnectorType") not in found
    assert (STATION, "EVSE.Power") not in found


def test_names_compare_without_case() -> None:
    model = MemorySettings()
    entry = model.find("ocppcommctrlr", "MESSAGETIMEOUT", "default", STATION)
    assert entry.variable.name == "OCPPCommCtrlr.MessageTimeout[Default]"


def test_what_is_not_there_is_named() -> None:
    """B06.FR.06, B06.FR.07, B06.FR.15."""
    model = MemorySettings()
    with pytest.raises(UnknownComponent):
        model.find("Nothing", "X", None, STATION)
    with pytest.raises(UnknownComponent):
        model.find("EVSE", "Power", None, Place(9))
    with pytest.raises(UnknownComponent):
        model.find("TxCtrlr", "TxStartPoint", None, Place(1))
    with pytest.raises(UnknownVariable):
        model.find("TxCtrlr", "Nothing", None, STATION)
    with pytest.raises(UnknownVariable):
        model.find("OCPPCommCtrlr", "MessageTimeout", None, STATION)
    with pytest.raises(UnknownVariable):
        model.find("TxCtrlr", "TxStartPoint", "instance", STATION)


async def test_a_write_is_checked_stored_and_used() -> None:
    model = MemorySettings()
    entry = model.find("TxCtrlr", "EVConnectionTimeOut", None, STATION)
    await model.write(entry, " 30 ")
    assert model.stored == {"TxCtrlr.EVConnectionTimeOut": "30"}
    assert (model.value(entry), model.integer("TxCtrlr.EVConnectionTimeOut")) == ("30", 30)
    with pytest.raises(ValueRefused):
        await model.write(entry, "-1")
    assert model.stored == {"TxCtrlr.EVConnectionTimeOut": "30"}


def test_the_station_answers_for_live_values() -> None:
    model = MemorySettings()
    entry = model.find("EVSE", "Power", None, Place(1))
    assert model.value(entry) == ""
    model.provide("EVSE.Power", lambda: "7360", Place(1), maximum=11040)
    assert (model.value(entry), model.maximum(entry)) == ("7360", 11040)
    other = model.find("EVSE", "Power", None, Place(2))
    assert (model.value(other), model.maximum(other)) == ("", None)


def test_stored_values_that_no_longer_fit_keep_their_default() -> None:
    model = MemorySettings()
    refused = model.restore(
        {"TxCtrlr.EVConnectionTimeOut": "45", "TxCtrlr.TxStartPoint": "Sunrise", "Gone.Away": "1"}
    )
    assert refused == ["TxCtrlr.TxStartPoint", "Gone.Away"]
    assert model.integer("TxCtrlr.EVConnectionTimeOut") == 45
    assert model.members("TxCtrlr.TxStartPoint") == ("PowerPathClosed",)


def test_the_station_file_gives_the_first_value() -> None:
    assert not MemorySettings(TxCtrlr__StopTxOnInvalidId="false").flag("TxCtrlr.StopTxOnInvalidId")
