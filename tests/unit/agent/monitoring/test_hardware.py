from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from agent.monitoring.records import Diagnosis, MonitorEvent, MonitorEvents
from agent.station.service import EvseService
from agent.variables.model import STATION, Place
from drivers.readings import Pilot
from tests.unit.agent.csms.v201.handling import Office, office


@asynccontextmanager
async def looking(path: Path) -> AsyncIterator[Office]:
    async with office(path) as place:
        for number, service in place.place.station.evses.items():
            place.place.settings.provide("EVSE.Problem", partial(_problem, service), Place(number))
        await place.monitoring.look()
        assert told(place) == []
        yield place


def _problem(service: EvseService) -> str:
    return "false" if service.state.fault is None else "true"


def told(place: Office) -> list[MonitorEvent]:
    records, place.notices = place.notices, []
    events: list[MonitorEvent] = []
    for record in records:
        assert isinstance(record, MonitorEvents)
        events += record.events
    return events


def value(place: Office, name: str, at: Place = STATION) -> str:
    settings = place.place.settings
    component, _, variable = name.partition(".")
    return settings.value(settings.find(component, variable, None, at))


async def test_a_meter_that_says_nothing_any_more_is_a_problem_of_its_own(tmp_path: Path) -> None:
    async with looking(tmp_path) as place:
        bench = place.place.benches[1]
        assert value(place, "FiscalMetering.Problem", Place(1)) == "false"
        bench.meter.is_silent = True
        place.place.clock.advance(20)
        await bench.until(lambda: bench.state.fault is not None)
        await place.monitoring.look()
        events = {(event.name, event.place): event for event in told(place)}
        meter, evse = events["FiscalMetering.Problem", Place(1)], events["EVSE.Problem", Place(1)]
        assert (meter.value, meter.severity) == ("true", 4)
        assert meter.diagnosis is not None
        assert meter.diagnosis.code == "MeterSilent"
        assert evse.diagnosis == meter.diagnosis
        assert evse.severity == 1


async def test_a_register_that_began_again_is_told_once(tmp_path: Path) -> None:
    async with looking(tmp_path) as place:
        bench = place.place.benches[1]
        assert value(place, "FiscalMetering.EnergyImportRegister", Place(1)) == "5000"
        bench.meter.energy_mwh = 1_000_000
        await bench.wait(60)
        await bench.until(lambda: bool(bench.poller.counters.breaks))
        for _ in range(2):
            await place.monitoring.look()
        incidents = [event for event in told(place) if event.monitor_id is None]
        assert [event.diagnosis.code for event in incidents if event.diagnosis] == ["RegisterRollover"]
        assert incidents[0].name == "FiscalMetering.EnergyImportRegister"


async def test_a_fault_has_a_code_spelt_from_its_words(tmp_path: Path) -> None:
    async with looking(tmp_path) as place:
        for number in (1, 2):
            bench = place.place.benches[number]
            bench.controller.pilot = (Pilot.E, Pilot.F)[number - 1]
            await bench.until(lambda bench=bench: bench.state.fault is not None)  # type: ignore[misc]  # bound now
        await place.monitoring.look()
        found = {(event.name, event.place.evse_id): event.diagnosis for event in told(place)}
        codes = {key: diagnosis.code for key, diagnosis in found.items() if diagnosis is not None}
        assert codes["EVSE.Problem", 1] == "ControlPilotE"
        assert codes["EVSE.Problem", 2] == "ControlPilotF"


async def test_the_controller_says_itself_what_is_wrong(tmp_path: Path) -> None:
    async with looking(tmp_path) as place:
        bench = place.place.benches[1]
        bench.controller.pilot, bench.controller.fault = Pilot.E, "over temperature"
        await bench.until(lambda: bench.state.fault is not None)
        await place.monitoring.look()
        found = {event.name: event.diagnosis for event in told(place) if event.place.evse_id == 1}
        assert found["EVSE.Problem"] == Diagnosis(code="OverTemperature", info="over temperature")
        bench.controller.pilot, bench.controller.fault = Pilot.A, None
        await bench.until(lambda: bench.state.fault is None)
        await place.monitoring.look()
        assert {(event.name, event.value) for event in told(place)} >= {("EVSE.Problem", "false")}
