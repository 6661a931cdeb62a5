from __future__ import annotations

from pathlib import Path

from drivers.readings import Pilot
from tests.unit.agent.hardware import MemoryDigitalPilot
from tests.unit.agent.station.bench import Bench, bench


async def _plug_and_card(station: Bench) -> None:
    station.controller.pilot = Pilot.B
    await station.until(lambda: station.state.pilot is Pilot.B)
    await station.tap()


async def test_a_vehicle_that_never_speaks_charges_by_the_pilot_once_that_says_a_current(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as station:
        station.basic_after_s, station.digital_pilot = 40, MemoryDigitalPilot()
        async with station.running():
            await _plug_and_card(station)
            await station.wait(39)
            assert (station.state.speech, station.controller.is_on) == ("awaited", False)
            assert station.digital_pilot.demands == [True] * len(station.digital_pilot.demands)
            station.digital_pilot.refuses = True
            await station.wait(2)
            await station.until(lambda: station.state.speech == "silent")
            assert not station.controller.is_on, "the pilot still demands that it speaks"
            station.digital_pilot.refuses = False
            await station.until(lambda: station.controller.is_on)
            assert station.digital_pilot.demands[-1] is False


async def test_power_comes_and_goes_as_the_vehicle_says(tmp_path: Path) -> None:
    async with bench(tmp_path) as station:
        station.basic_after_s = 40
        async with station.running() as service:
            await _plug_and_card(station)
            speech = service.speech
            assert speech is not None
            speech.begin()
            await station.wait(60)
            assert not station.controller.is_on
            speech.ask(is_asking=True)
            await service.heed()
            await station.until(lambda: station.controller.is_on)
            speech.end("pause")
            await service.heed()
            await station.until(lambda: not station.controller.is_on)
            speech.begin()
            speech.ask(is_asking=True)
            await service.heed()
            await station.until(lambda: station.controller.is_on)


async def test_what_was_said_before_the_plug_was_pulled_counts_for_nobody(tmp_path: Path) -> None:
    async with bench(tmp_path) as station:
        station.basic_after_s = 40
        async with station.running() as service:
            await _plug_and_card(station)
            speech = service.speech
            assert speech is not None
            speech.begin()
            station.controller.pilot = Pilot.A
            await station.until(lambda: station.state.pilot is Pilot.A)
            await station.until(lambda: station.state.speech == "awaited")
            speech.end("terminate")
            speech.ask(is_asking=True)
            await _plug_and_card(station)
            assert (station.state.speech, station.controller.is_on) == ("awaited", False)


async def test_after_a_start_a_vehicle_has_to_speak_anew(tmp_path: Path) -> None:
    """A power cut in mid session: no power until the vehicle asks for it again."""
    async with bench(tmp_path) as station:
        station.basic_after_s = 40
        async with station.running() as service:
            await _plug_and_card(station)
            assert service.speech is not None
            service.speech.begin()
            service.speech.ask(is_asking=True)
            await service.heed()
            await station.until(lambda: station.controller.is_on)
            before = station.state.transaction
        station.controller.commands.clear()
        async with station.running():
            await station.until(lambda: station.controller.commands[-1:] == [0])
            assert station.state.speech == "awaited"
            assert before is not None
            assert station.state.transaction is not None
            assert station.state.transaction.id == before.id


async def test_a_lost_conversation_may_begin_anew_or_not_at_all(tmp_path: Path) -> None:
    async with bench(tmp_path) as station:
        station.basic_after_s = 40
        async with station.running() as service:
            await _plug_and_card(station)
            assert service.speech is not None
            service.speech.begin()
            service.speech.end("error")
            await station.wait(30)
            assert (station.state.speech, station.controller.is_on) == ("awaited", False)
            await station.wait(11)
            await station.until(lambda: station.controller.is_on)


async def test_a_vehicle_that_stopped_for_want_of_energy_is_woken_when_there_is_some(tmp_path: Path) -> None:
    async with bench(tmp_path) as station:
        station.basic_after_s, station.digital_pilot = 40, (pilot := MemoryDigitalPilot())
        async with station.running() as service:
            await _plug_and_card(station)
            speech = service.speech
            assert speech is not None
            speech.begin()
            speech.ask(is_asking=True)
            await service.heed()
            await station.until(lambda: station.controller.is_on)
            await service.limit(0)
            speech.end("terminate", was_hindered=True)
            await service.heed()
            await station.wait(100)
            assert (station.state.speech, station.state.charging_state) == ("paused", "SuspendedEVSE")
            assert station.state.transaction is not None
            assert all(pilot.demands)
            await service.limit(16)
            await station.until(lambda: station.state.speech == "awaited")
            await station.until(lambda: False in pilot.demands)
            await station.until(lambda: pilot.demands[-1] is True)
            assert not station.controller.is_on, "it has not asked again"
            await station.wait(41)
            await station.until(lambda: station.controller.is_on)


async def test_a_vehicle_that_pauses_by_itself_is_not_woken(tmp_path: Path) -> None:
    async with bench(tmp_path) as station:
        station.basic_after_s = 40
        async with station.running() as service:
            await _plug_and_card(station)
            assert service.speech is not None
            service.speech.begin()
            service.speech.end("pause")
            await service.heed()
            await station.wait(100)
            assert station.state.speech == "paused"
