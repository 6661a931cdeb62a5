from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from agent.station.events import SampleDue
from agent.station.evse import EvseState, IllegalTransition, Phase
from agent.station.service import EvseService
from agent.store.database import StoreError
from agent.transactions.records import TransactionEvent
from drivers.readings import Pilot
from tests.unit.agent.hardware import START
from tests.unit.agent.station.bench import Bench, PowerCut, bench

WH = "Energy.Active.Import.Register"


def story(events: list[TransactionEvent]) -> list[tuple[str, str, str]]:
    return [(event.kind, event.trigger, event.charging_state) for event in events]


def energies(event: TransactionEvent) -> list[tuple[str, int]]:
    return [
        (sample.context, int(value.value))
        for sample in event.samples
        for value in sample.values
        if value.measurand == WH
    ]


async def test_a_session_from_pilot_to_outbox(tmp_path: Path) -> None:
    """E02, E06, E07: power only after the commit, the last reading only after power is off."""
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        assert station.controller.commands[-1] == 16
        station.meter.energy_mwh += 1_234_567
        await station.stop_by_card()
        assert station.controller.commands[-1] == 0
        events = await station.events()
    assert story(events) == [
        ("Started", "Authorized", "EVConnected"),
        ("Updated", "ChargingStateChanged", "Charging"),
        ("Ended", "StopAuthorized", "EVConnected"),
    ]
    assert energies(events[0]) == [("Transaction.Begin", 5_000)]
    assert energies(events[2]) == [("Transaction.Begin", 5_000), ("Transaction.End", 6_234)]
    assert events[0].cable_limit_a == 32


async def test_energy_that_flows_while_the_contactor_opens_is_counted(tmp_path: Path) -> None:
    """The final reading is one whose poll began after the controller confirmed that power is off."""
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        read_pilot = station.controller.withdraw

        async def slowly() -> None:
            await asyncio.sleep(0.05)
            station.meter.energy_mwh += 7_000
            await read_pilot()

        station.controller.withdraw = slowly  # type: ignore[method-assign]  # a slow contactor
        await station.stop_by_card()
        assert energies((await station.events())[-1])[-1] == ("Transaction.End", 5_007)


async def test_a_vehicle_plugged_in_with_pilot_c_after_its_driver(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running():
        await station.tap()
        station.controller.pilot = Pilot.C
        await station.until_charging()
        assert story(await station.events()) == [
            ("Started", "CablePluggedIn", "EVConnected"),
            ("Updated", "ChargingStateChanged", "Charging"),
        ]


async def test_unplugging_while_the_transaction_ends(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        withdraw = station.controller.withdraw

        async def with_the_plug_out() -> None:
            station.controller.pilot, asked = Pilot.A, station.controller.asked
            await station.until(lambda: station.controller.asked > asked)
            await withdraw()

        station.controller.withdraw = with_the_plug_out  # type: ignore[method-assign]  # seen before it is off
        await station.stop_by_card()
        await station.until(lambda: station.state.phase is Phase.IDLE)
        events = await station.events()
    assert [event.kind for event in events] == ["Started", "Updated", "Ended"]
    assert events[-1].stopped_reason == "Local"


async def test_a_dead_meter_ends_a_transaction_with_its_last_reading_and_that_ones_time(
    tmp_path: Path,
) -> None:
    """A dead meter never publishes an old value with a new time."""
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        station.meter.is_silent = True
        reads = station.meter.reads
        await station.until(lambda: station.meter.reads > reads + 1)
        station.clock.advance(10)
        await station.stop_by_card()
        [begin, end] = (await station.events())[-1].samples
    assert (begin.at, end.at) == (START, START)


async def test_a_silent_meter_sends_no_samples_but_faults_the_evse(tmp_path: Path) -> None:
    async with bench(tmp_path, SampledDataCtrlr__TxUpdatedInterval="1") as station, station.running():
        await station.charge()
        station.meter.is_silent = True
        reads = station.meter.reads
        await station.until(lambda: station.meter.reads > reads + 1)
        for _ in range(4):
            station.clock.advance(4)
            await asyncio.sleep(0.1)
        await station.until(lambda: station.state.fault is not None)
        await station.until(lambda: station.controller.commands[-1] == 0)
        triggers = [event.trigger for event in await station.events()]
    assert triggers.count("MeterValuePeriodic") <= 1, "the reading was young at the first of them"
    assert triggers[-1] == "AbnormalCondition"


async def test_samples_come_at_their_interval(tmp_path: Path) -> None:
    """J02.FR.11."""
    async with bench(tmp_path, SampledDataCtrlr__TxUpdatedInterval="60") as station, station.running():
        await station.charge()
        for minutes in range(1, 4):
            await station.wait(60)
            count = minutes

            def enough(wanted: int = count) -> bool:
                transaction = station.state.transaction
                return transaction is not None and transaction.next_seq_no >= 2 + wanted

            await station.until(enough)
        events = await station.events()
    samples = [event for event in events if event.trigger == "MeterValuePeriodic"]
    assert len(samples) == 3
    assert {value.measurand for value in samples[0].samples[0].values} == {
        WH,
        "Current.Import",
        "Power.Active.Import",
        "Voltage",
    }
    assert {sample.context for event in samples for sample in event.samples} == {"Sample.Periodic"}


async def test_the_cable_may_come_late_but_not_too_late(tmp_path: Path) -> None:
    """E03.FR.05: EVConnectTimeout, Timeout."""
    settings = {"TxCtrlr__EVConnectionTimeOut": "30", "TxCtrlr__TxStartPoint": "Authorized"}
    async with bench(tmp_path, **settings) as station, station.running():
        await station.tap()
        await station.wait(29)
        assert station.state.phase is Phase.DRIVER_ONLY
        await station.wait(2)
        await station.until(lambda: station.state.transaction is None)
        ended = (await station.events())[-1]
    assert (ended.kind, ended.trigger, ended.stopped_reason) == ("Ended", "EVConnectTimeout", "Timeout")


@pytest.mark.parametrize("step", [timedelta(hours=5), timedelta(hours=-5)])
async def test_a_clock_that_is_corrected_meanwhile_does_not_matter(tmp_path: Path, step: timedelta) -> None:
    async with bench(tmp_path, TxCtrlr__EVConnectionTimeOut="30") as station, station.running():
        await station.tap()
        station.clock.follow(station.clock.now() + step)
        await station.wait(29)
        assert station.state.phase is Phase.DRIVER_ONLY
        await station.wait(2)
        await station.until(lambda: station.state.phase is Phase.IDLE)


async def detach(station: Bench) -> None:
    await station.charge()
    station.controller.pilot = Pilot.A
    await station.until(lambda: station.state.is_detached)
    await station.wait(121)


DETACHES = {"TxCtrlr__StopTxOnEVSideDisconnect": "false", "TxCtrlr__TxStopPoint": "Authorized"}


async def test_a_vehicle_that_left_a_fixed_cable_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    """E10.FR.02; in the words of TC_E_27."""
    async with bench(tmp_path, **DETACHES) as station, station.running():
        await detach(station)
        await station.until(lambda: station.state.transaction is None)
        ended = (await station.events())[-1]
    assert (ended.kind, ended.trigger, ended.stopped_reason) == ("Ended", "EVConnectTimeout", "Timeout")


async def test_a_cable_of_the_drivers_own_stays_until_the_driver_comes(tmp_path: Path) -> None:
    """E10.FR.01."""
    async with bench(tmp_path, **DETACHES) as station, station.running(has_fixed_cable=False):
        await detach(station)
        await asyncio.sleep(0.1)
        assert station.state.is_detached
        assert_status(station.service, "Occupied")
        station.controller.pilot = Pilot.C
        await station.until_charging()


async def test_how_many_phases_a_vehicle_charges_on_is_told_when_it_changes(tmp_path: Path) -> None:
    """E02.FR.18, E02.FR.19; and not again after a start of the agent."""
    async with bench(tmp_path, SampledDataCtrlr__TxUpdatedInterval="0") as station:
        station.meter.phase_currents_a = (10, 10, 10)
        async with station.running():
            await station.charge()
            await station.wait(40)
            station.meter.phase_currents_a = (10, 0, 0)
            await station.wait(40)
        async with station.running():
            await station.until_charging()
            await station.wait(40)
        events = await station.events()
    told = [(event.kind, event.trigger, event.phases_used) for event in events if event.phases_used]
    assert told == [("Updated", "ChargingRateChanged", 3), ("Updated", "ChargingRateChanged", 1)]
    assert {event.charging_state for event in events if event.phases_used} == {"Charging"}


async def test_the_phases_of_a_driver_who_came_before_the_cable(tmp_path: Path) -> None:
    """E03.FR.13, E03.FR.14: told for every transaction anew."""
    async with bench(tmp_path, SampledDataCtrlr__TxUpdatedInterval="0") as station, station.running():
        for phase_currents_a in ((8,), (8, 8, 8)):
            station.meter.phase_currents_a = phase_currents_a
            await station.tap()
            station.controller.pilot = Pilot.C
            await station.until_charging()
            await station.wait(40)
            await station.stop_by_card()
            station.controller.pilot = Pilot.A
            await station.until(lambda: station.state.pilot is Pilot.A)
        events = await station.events()
    assert [event.phases_used for event in events if event.phases_used] == [1, 3]
    assert len({event.transaction_id for event in events if event.phases_used}) == 2


async def test_events_know_whether_they_happened_offline(tmp_path: Path) -> None:
    """E04.FR.03."""
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        station.upstream.is_online = False
        await station.stop_by_card()
        assert [event.offline for event in await station.events()] == [False, False, True]


async def test_an_event_without_meaning_changes_nothing(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running():
        before = station.state
        with pytest.raises(IllegalTransition):
            await station.stop_by_card()
        assert station.state is before
        assert await station.events() == []


async def test_a_sample_of_nothing_is_no_event(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running():
        await station.apply(SampleDue(at=station.clock.now(), trigger="MeterValueClock"))
        assert await station.events() == []


def assert_status(service: EvseService, status: str) -> None:
    assert service.status == status


async def test_a_closed_evse_is_unavailable_once_free(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running() as service:
        await station.charge()
        service.close(is_closed=True)
        assert_status(service, "Occupied")
        station.controller.pilot = Pilot.A
        await station.until(lambda: not service.state.is_in_use)
        assert_status(service, "Unavailable")
        service.close(is_closed=False)
        assert_status(service, "Available")


async def test_leaving_withdraws_power_and_keeps_the_transaction(tmp_path: Path) -> None:
    async with bench(tmp_path) as station:
        async with station.running() as service:
            await station.charge()
            await service.stop()
            assert not station.controller.is_on
        async with station.running():
            await station.until(lambda: station.controller.is_on)
            await station.stop_by_card()
            events = await station.events()
    assert [event.seq_no for event in events] == list(range(len(events)))
    assert [events[0].kind, events[-1].kind] == ["Started", "Ended"]


async def test_a_state_is_resumed_before_anybody_can_touch_it(tmp_path: Path) -> None:
    """A card in the very first moment after a start must not overwrite a running transaction."""
    async with bench(tmp_path) as station:
        async with station.running():
            await station.charge()
        async with station.running():
            with pytest.raises(IllegalTransition):
                await station.tap()
            await station.stop_by_card()
            kinds = [event.kind for event in await station.events()]
    assert (kinds[0], kinds.count("Started"), kinds[-1]) == ("Started", 1, "Ended")


async def test_a_full_disk_changes_nothing_and_is_tried_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running():
        station.journal.is_full = True
        station.controller.pilot = Pilot.B
        await asyncio.sleep(0.1)
        assert station.state == EvseState()
        with pytest.raises(StoreError):
            await station.tap()
        assert station.state == EvseState()
        station.journal.is_full = False
        await station.until(lambda: station.state.phase is Phase.CABLE_ONLY)


async def test_no_power_while_nothing_can_be_recorded(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        station.journal.is_full = True
        station.controller.pilot = Pilot.B
        await station.until(lambda: not station.controller.is_on)
        station.journal.is_full = False
        await station.until(lambda: station.controller.is_on)
        assert station.state.transaction is not None


async def test_a_vehicle_that_left_on_a_full_disk_has_left_even_if_another_came(tmp_path: Path) -> None:
    """The second car must not charge on the first driver's card."""
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        station.journal.is_full = True
        station.controller.pilot = Pilot.A
        await asyncio.sleep(0.2)
        station.controller.pilot = Pilot.C
        await asyncio.sleep(0.2)
        station.journal.is_full = False
        await station.until(lambda: station.state.phase is Phase.CABLE_ONLY)
        await station.until(lambda: station.state.transaction is None)
        ended = (await station.events())[-1]
    assert (ended.kind, ended.stopped_reason) == ("Ended", "EVDisconnected")
    assert not station.controller.is_on


# power cuts


class Person:
    """Does a whole session, each step until the station has taken note of it for good, whatever happens."""

    def __init__(self, station: Bench) -> None:
        self._station = station
        self._has_stopped = False
        self.is_done = False

    async def goes_on(self) -> None:
        """Go on from where the world is, until the session is over or the lights go out."""
        while not self.is_done and not self._station.journal.is_cut:
            stored = await self._station.stored()
            try:
                await self._step(stored)
            except (PowerCut, IllegalTransition):
                return
            await asyncio.sleep(0.01)

    async def _step(self, stored: EvseState) -> None:
        station = self._station
        if self._has_stopped:
            station.controller.pilot = Pilot.A
            self.is_done = stored == EvseState()
        elif stored.authorization is not None and stored.charging_state == "Charging":
            await station.stop_by_card()
        elif stored.transaction is not None and stored.transaction.ending is not None:
            self._has_stopped = True
        elif stored.phase is Phase.CABLE_ONLY and not await self._is_over():
            await station.tap()
        elif stored.phase is Phase.CABLE_ONLY:
            self._has_stopped = True
        elif stored.phase is Phase.IDLE:
            station.controller.pilot = Pilot.C

    async def _is_over(self) -> bool:
        return any(event.kind == "Ended" for event in await self._station.events())


@pytest.mark.parametrize("cut_after", range(1, 9))
async def test_a_power_cut_after_any_commit_loses_and_doubles_nothing(tmp_path: Path, cut_after: int) -> None:
    """The service dies right after its nth commit, before it has performed anything, and starts anew."""
    settings = {"TxCtrlr__TxStartPoint": "EVConnected", "SampledDataCtrlr__TxUpdatedInterval": "0"}
    async with bench(tmp_path, **settings) as station:
        person = Person(station)
        station.cut_after(cut_after)
        async with station.running():
            await person.goes_on()
        was_cut = station.journal.is_cut
        station.cut_after(None)
        async with station.running() as service:
            await station.until(lambda: station.controller.is_on == service.state.wants_power)
            async with asyncio.timeout(20):
                while not person.is_done:
                    await person.goes_on()
            await station.until(lambda: not station.controller.is_on)
        events = await station.events()
    assert was_cut or cut_after > 6
    assert len({event.transaction_id for event in events}) == 1
    assert [event.seq_no for event in events] == list(range(len(events)))
    assert [event.kind for event in events] == ["Started", "Updated", "Updated", "Ended"]
    assert energies(events[-1])[0] == ("Transaction.Begin", 5_000)
