from __future__ import annotations

from pathlib import Path

from agent.config.load import load_config
from agent.status import describe, live_variables, snapshot
from agent.variables.model import STATION, Place
from tests.unit.agent.csms.link import link_to
from tests.unit.agent.hardware import MemorySettings
from tests.unit.agent.station.test_station import ANNA, Forecourt, forecourt
from tests.unit.agent.station_file import RIGHT, SECOND, write


def lively(place: Forecourt, directory: Path, text: str = RIGHT + SECOND) -> MemorySettings:
    live_variables(place.settings, place.station, load_config(write(directory, text)), place.clock)
    return place.settings


def value(settings: MemorySettings, name: str, place: Place = STATION) -> str:
    component, _, variable = name.partition(".")
    return settings.value(settings.find(component, variable, None, place))


async def test_what_a_technician_sees(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place, link_to("ws://nowhere", tmp_path / "link") as link:
        await place.plug(1)
        await place.accepted(ANNA)
        await place.benches[1].until_charging()
        shown = snapshot(place.station, link.client, "CH-1", waiting=3, set_aside=1)
        line = describe(place.station, link.client)
    busy, free = shown["evses"]
    assert (shown["station"], shown["backend"], shown["outbox"]) == (
        "CH-1",
        "disconnected",
        {"waiting": 3, "set_aside": 1},
    )
    assert (busy["status"], busy["phase"], busy["pilot"], busy["token"]) == (
        "Occupied",
        "powered",
        "C",
        "ANNA",
    )
    assert (busy["charging_state"], busy["fault"]) == ("Charging", None)
    assert busy["meter"]["energy_wh"] == 5_000
    assert busy["meter"]["values"]["Voltage L1-N [V]"] == 230.1
    assert (free["status"], free["transaction"], free["token"]) == ("Available", None, None)
    assert line == "backend disconnected; EVSE 1 Occupied, EVSE 2 Available"


async def test_live_variables(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        settings = lively(place, tmp_path)
        assert value(settings, "ChargingStation.AvailabilityState") == "Available"
        assert value(settings, "ChargingStation.Model") == "Unit"
        assert value(settings, "OCPPCommCtrlr.UnlockOnEVSideDisconnect") == "false"
        assert value(settings, "ClockCtrlr.DateTime").startswith("2026-01-02T03:04:05.")
        assert value(settings, "ClockCtrlr.DateTime").endswith("Z")
        assert value(settings, "EVSE.Power", Place(1)) == "11040"
        await place.plug(1)
        assert value(settings, "EVSE.AvailabilityState", Place(1)) == "Occupied"
        assert value(settings, "Connector.AvailabilityState", Place(1, 1)) == "Occupied"
        assert value(settings, "Connector.ConnectorType", Place(1, 1)) == "cType2"
        await place.plug(2)
        assert value(settings, "ChargingStation.AvailabilityState") == "Occupied"
        await place.break_down(2)
        assert value(settings, "EVSE.Problem", Place(1)) == "false"
        assert value(settings, "EVSE.Problem", Place(2)) == "true"
        assert value(settings, "ChargingStation.Problem") == "true"
        power = settings.find("EVSE", "Power", None, Place(2))
        assert settings.maximum(power) == 230 * 3 * 32


async def test_sockets_are_unlocked(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        text = RIGHT + SECOND + '\n[evse.connector]\ntype = "sType2"\n'
        settings = lively(place, tmp_path, text.replace("ws://", "wss://"))
        assert value(settings, "OCPPCommCtrlr.UnlockOnEVSideDisconnect") == "true"
