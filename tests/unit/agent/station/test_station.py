from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.authorization.authorizer import Authorizer, BackendUnreachable
from agent.authorization.verdicts import Verdict
from agent.availability.service import Availability
from agent.reservations.service import Reservations
from agent.station.events import FaultFound
from agent.station.evse import EvseState, Phase
from agent.station.limits import Limits
from agent.station.station import Station
from agent.station.upkeep import take_over
from agent.store.database import Database
from agent.transactions.records import Sample, Token, TransactionEvent
from drivers.readings import Pilot
from tests.unit.agent.hardware import MemorySettings
from tests.unit.agent.station.bench import Bench, wiring

ANNA = Token(id="ANNA", type="ISO14443")
BERT = Token(id="BERT", type="ISO14443")
CARL = Token(id="CARL", type="ISO14443")


class MemoryBackend:
    """Knows Anna and Bert, who share a group, and Carl."""

    def __init__(self) -> None:
        self.is_registered = True
        self.is_reachable = True
        self.asked: list[Token] = []
        self.verdicts = {
            "ANNA": Verdict(status="Accepted", group_id="FAMILY"),
            "BERT": Verdict(status="Accepted", group_id="FAMILY"),
            "CARL": Verdict(status="Accepted"),
        }
        self.meanwhile: asyncio.Event | None = None

    async def check_token(self, token: Token) -> Verdict:
        self.asked.append(token)
        if self.meanwhile is not None:
            await self.meanwhile.wait()
        if not self.is_reachable:
            raise BackendUnreachable("no connection")
        return self.verdicts.get(token.id, Verdict(status="Unknown"))


class Sink:
    """Takes clock-aligned values of free EVSEs."""

    def __init__(self) -> None:
        self.taken: list[tuple[int, Sample]] = []

    async def send_meter_values(self, evse_id: int, sample: Sample) -> None:
        self.taken.append((evse_id, sample))


class Forecourt:
    """A station with EVSEs in memory."""

    def __init__(self, database: Database, evses: int, settings: MemorySettings) -> None:
        self.benches = {number: Bench(database, settings, evse_id=number) for number in range(1, evses + 1)}
        self.clock = self.benches[1].clock
        for bench in self.benches.values():
            bench.share(self.clock)
        self.settings = settings
        self.database = database
        self.backend = MemoryBackend()
        self.restarts: list[str] = []
        self.limits = Limits(wiring(*self.benches), database, settings, self.clock)
        self.station = Station(
            {},
            Authorizer(self.backend, settings, database, self.clock.now),
            self.limits,
            Availability(database, self.clock.now),
            Reservations(database, settings, self.clock.now),
            settings,
            self.clock,
            self._restart,
        )

    async def _restart(self, reason: str) -> None:
        self.restarts.append(reason)

    def state(self, evse_id: int = 1) -> EvseState:
        return self.station.evses[evse_id].state

    async def plug(self, evse_id: int = 1) -> None:
        bench = self.benches[evse_id]
        bench.controller.pilot = Pilot.C
        await bench.until(lambda: bench.state.pilot is Pilot.C)

    async def accepted(self, token: Token, evse_id: int | None = None) -> int | None:
        outcome = await self.station.tap(token, evse_id)
        assert outcome.is_accepted, outcome
        return outcome.evse_id

    async def refused(self, token: Token, evse_id: int | None = None) -> str:
        outcome = await self.station.tap(token, evse_id)
        assert not outcome.is_accepted, outcome
        return outcome.why

    async def break_down(self, evse_id: int) -> None:
        service = self.station.evses[evse_id]
        self.benches[evse_id].controller.pilot = Pilot.F
        await self.benches[evse_id].until(lambda: service.state.fault is not None)

    async def events(self) -> list[TransactionEvent]:
        return await self.benches[1].events()


@asynccontextmanager
async def forecourt(
    path: Path, *, evses: int = 2, basic_after_s: float | None = None, **settings: Any
) -> AsyncIterator[Forecourt]:
    """A station that runs; with `basic_after_s` its vehicles speak ISO 15118."""
    async with AsyncExitStack() as stack:
        database = Database(path / "agent.db")
        await database.open()
        stack.push_async_callback(database.close)
        place = Forecourt(database, evses, MemorySettings(**settings))
        for bench in place.benches.values():
            bench.basic_after_s = basic_after_s
        running = {
            number: await stack.enter_async_context(bench.running())
            for number, bench in place.benches.items()
        }
        place.station.evses = running
        place.limits.attach(running)
        await place.limits.restore()
        await take_over(place.station)
        yield place


# cards


async def test_a_card_starts_where_a_cable_waits(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        await place.plug(2)
        assert await place.accepted(ANNA) == 2
        assert place.state(2).phase is Phase.POWERED


async def test_a_card_that_could_mean_either_evse_names_one(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        assert "name one" in await place.refused(ANNA)
        assert await place.accepted(ANNA, 2) == 2


async def test_the_same_card_stops_without_asking(tmp_path: Path) -> None:
    """C01.FR.03, E07.FR.01; also offline (E08.FR.01)."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        place.backend.is_reachable = False
        assert await place.accepted(Token(id="anna", type="ISO14443")) == 1
        assert place.state(1).authorization is None
        assert place.backend.asked == [ANNA]


@pytest.mark.parametrize("evse_id", [1, None])
async def test_a_card_of_the_same_group_stops(tmp_path: Path, evse_id: int | None) -> None:
    """C09.FR.03, E08.FR.02: with one EVSE or several, named or not."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        assert await place.accepted(BERT, evse_id) == 1
        assert place.state(1).authorization is None
        assert place.state(2).phase is Phase.IDLE
        ended = (await place.events())[-1]
    assert (ended.kind, ended.token, ended.stopped_reason) == ("Ended", BERT, "Local")


async def test_a_known_card_of_the_same_group_stops_without_asking(tmp_path: Path) -> None:
    """C01.FR.03, C09.FR.07: from list or cache; one that is known as something else is asked about."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        place.backend.asked.clear()
        await place.station.authorizer.learn(BERT, Verdict(status="Blocked", group_id="FAMILY"))
        place.backend.verdicts["BERT"] = Verdict(status="Blocked", group_id="FAMILY")
        assert await place.refused(BERT, 1) == "Blocked"
        assert place.backend.asked == [BERT]
        await place.station.authorizer.learn(BERT, Verdict(status="Accepted", group_id="family"))
        assert await place.accepted(BERT) == 1
        assert place.state(1).authorization is None
        assert place.backend.asked == [BERT]


async def test_a_card_of_the_same_group_starts_where_its_own_cable_waits(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        await place.plug(2)
        assert await place.accepted(BERT) == 2
        assert place.state(1).authorization is not None


async def test_a_strangers_card_does_not_stop(tmp_path: Path) -> None:
    async with forecourt(tmp_path, evses=1) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        assert await place.refused(CARL) == "another driver is charging here"
        assert place.state(1).authorization is not None


async def test_a_card_the_backend_does_not_accept(tmp_path: Path) -> None:
    async with forecourt(tmp_path, evses=1) as place:
        await place.plug(1)
        assert await place.refused(Token(id="DORA", type="ISO14443")) == "Unknown"
        assert place.state(1).phase is Phase.CABLE_ONLY


async def test_a_card_is_good_for_the_evses_the_backend_named(tmp_path: Path) -> None:
    """C01.FR.21."""
    async with forecourt(tmp_path) as place:
        place.backend.verdicts["ANNA"] = Verdict(status="Accepted", evse_ids=(2,))
        assert await place.refused(ANNA, 1) == "not allowed at this EVSE"
        assert await place.accepted(ANNA, 2) == 2


async def test_a_broken_evse_is_out_of_order_and_is_never_chosen(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.break_down(1)
        assert "out of order: control pilot F" in await place.refused(ANNA, 1)
        assert place.backend.asked == []
        assert await place.accepted(ANNA) == 2


async def test_a_card_may_still_stop_at_a_broken_evse(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        await place.break_down(1)
        assert await place.accepted(ANNA) == 1


async def test_only_the_first_of_two_cards_at_the_same_time_is_authorized(tmp_path: Path) -> None:
    async with forecourt(tmp_path, evses=1) as place:
        await place.plug(1)
        place.backend.meanwhile = asyncio.Event()
        taps = [asyncio.create_task(place.station.tap(token)) for token in (ANNA, CARL)]
        await place.benches[1].until(lambda: len(place.backend.asked) == 2)
        place.backend.meanwhile.set()
        outcomes = await asyncio.gather(*taps)
    assert sorted(outcome.is_accepted for outcome in outcomes) == [False, True]


async def test_a_second_driver_may_not_take_over_a_running_transaction(tmp_path: Path) -> None:
    """C01.FR.23."""
    settings: dict[str, Any] = {"TxCtrlr__TxStartPoint": "EVConnected", "TxCtrlr__TxStopPoint": "EVConnected"}
    async with forecourt(tmp_path, evses=1, **settings) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        await place.accepted(ANNA)
        assert await place.refused(CARL) == "another driver's transaction or cable is still there"
        await place.accepted(ANNA)


# remote starts and stops


async def test_a_remote_start_is_authorized_like_a_card(tmp_path: Path) -> None:
    """F01.FR.01."""
    async with forecourt(tmp_path) as place:
        service = place.station.evses[1]
        refused = await place.station.remote_start(service, Token(id="X", type="ISO14443"), None, 1)
        assert not refused.is_accepted
        started = await place.station.remote_start(service, ANNA, None, 2)
        assert started.is_accepted
        assert place.state(1).authorization is not None


async def test_a_remote_start_is_not_authorized_if_the_station_is_set_so(tmp_path: Path) -> None:
    """F01.FR.02, C05.FR.01; the group comes with the request."""
    async with forecourt(tmp_path, AuthCtrlr__AuthorizeRemoteStart="false") as place:
        service = place.station.evses[1]
        assert (await place.station.remote_start(service, CARL, "FAMILY", 7)).is_accepted
        driver = place.state(1).authorization
        assert driver is not None
        assert (driver.remote_start_id, driver.group_id) == (7, "FAMILY")
        assert place.backend.asked == []


async def test_a_remote_start_while_another_driver_charges_is_refused(tmp_path: Path) -> None:
    """F01.FR.24."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        service = place.station.evses[1]
        assert place.station.may_start(service, CARL).why == "another driver is charging here"
        assert not (await place.station.remote_start(service, CARL, None, 1)).is_accepted
        assert place.station.choose(None, CARL) is place.station.evses[2]


async def test_a_remote_start_finds_the_transaction_that_waits_for_a_driver(tmp_path: Path) -> None:
    """F01.FR.13."""
    async with forecourt(tmp_path, TxCtrlr__TxStartPoint="EVConnected") as place:
        await place.plug(1)
        service = place.station.evses[1]
        transaction = service.state.transaction
        assert transaction is not None
        assert place.station.may_start(service, ANNA).transaction_id == transaction.id


async def test_a_remote_stop(tmp_path: Path) -> None:
    """F03.FR.03."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        transaction = place.state(1).transaction
        assert transaction is not None
        assert place.station.find_transaction("nobody's") is None
        service = place.station.find_transaction(transaction.id)
        assert service is not None
        await place.station.remote_stop(service)
        ended = (await place.events())[-1]
    assert (ended.kind, ended.trigger, ended.stopped_reason) == ("Ended", "RemoteStop", "Remote")


# what the backend thinks better of


async def test_a_driver_the_backend_no_longer_accepts_is_stopped(tmp_path: Path) -> None:
    """E05.FR.10."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        transaction = place.state(1).transaction
        assert transaction is not None
        await place.station.deauthorize(transaction.id, CARL, "Invalid")
        assert place.state(1).authorization is not None, "that was somebody else's card"
        await place.station.deauthorize("nobody's", ANNA, "Invalid")
        await place.station.deauthorize(transaction.id, ANNA, "Invalid")
        ended = (await place.events())[-1]
    assert (ended.kind, ended.trigger, ended.stopped_reason) == ("Ended", "Deauthorized", "DeAuthorized")


async def test_or_gets_no_more_energy_if_the_station_is_set_so(tmp_path: Path) -> None:
    """E05.FR.02: StopTxOnInvalidId is false."""
    async with forecourt(tmp_path, TxCtrlr__StopTxOnInvalidId="false") as place:
        await place.plug(1)
        await place.accepted(ANNA)
        await place.benches[1].until_charging()
        transaction = place.state(1).transaction
        assert transaction is not None
        await place.station.deauthorize(transaction.id, ANNA, "Invalid")
        await place.benches[1].until(lambda: not place.benches[1].controller.is_on)
        event = (await place.events())[-1]
    assert (event.kind, event.trigger, event.charging_state) == (
        "Updated",
        "ChargingStateChanged",
        "SuspendedEVSE",
    )


# idleness


async def test_a_driver_who_has_not_plugged_in_yet_is_not_idle(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        assert place.station.is_idle()
        await place.accepted(ANNA, 1)
        assert not place.station.is_idle()


# clock-aligned values


async def aligned(place: Forecourt, sink: Sink) -> None:
    """Let a quarter of an hour begin."""
    sampling = asyncio.create_task(place.station.sample_by_clock(sink))
    await asyncio.sleep(0.05)
    place.clock.advance(900 - place.clock.now().timestamp() % 900)
    await asyncio.sleep(1.2)
    sampling.cancel()


async def test_values_are_taken_by_the_clock(tmp_path: Path) -> None:
    """J01.FR.14, J01.FR.22: MeterValues of a free EVSE, a transaction event of a busy one."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        sink = Sink()
        await aligned(place, sink)
        [event] = [event for event in await place.events() if event.trigger == "MeterValueClock"]
    assert [evse_id for evse_id, _ in sink.taken] == [2]
    assert {sink.taken[0][1].context, event.samples[0].context} == {"Sample.Clock"}
    assert {value.measurand for value in event.samples[0].values} == {
        "Energy.Active.Import.Register",
        "Voltage",
    }


async def test_no_values_while_a_transaction_runs_if_the_station_is_set_so(tmp_path: Path) -> None:
    """J01.FR.20: a driver alone is no transaction."""
    settings: dict[str, Any] = {
        "AlignedDataCtrlr__SendDuringIdle": "true",
        "TxCtrlr__EVConnectionTimeOut": "0",
    }
    async with forecourt(tmp_path, **settings) as place:
        sink = Sink()
        await place.accepted(ANNA, 1)
        await aligned(place, sink)
        assert [evse_id for evse_id, _ in sink.taken] == [1, 2]
        await place.plug(1)
        sink.taken.clear()
        await aligned(place, sink)
        assert sink.taken == []


async def test_a_corrected_clock_does_not_start_a_storm(tmp_path: Path) -> None:
    async with forecourt(tmp_path, evses=1) as place:
        sink = Sink()
        sampling = asyncio.create_task(place.station.sample_by_clock(sink))
        await asyncio.sleep(0.05)
        place.clock.follow(place.clock.now() + timedelta(days=3))
        await asyncio.sleep(1.2)
        sampling.cancel()
        assert len(sink.taken) <= 1


async def test_a_full_disk_does_not_end_the_sampling(tmp_path: Path) -> None:
    async with forecourt(tmp_path, evses=1) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        sampling = asyncio.create_task(place.station.sample_by_clock(Sink()))
        place.benches[1].journal.is_full = True
        await asyncio.sleep(0.05)
        place.clock.advance(900)
        await asyncio.sleep(1.2)
        assert not sampling.done()
        sampling.cancel()


async def test_a_fault_that_is_applied_by_hand_counts_too(tmp_path: Path) -> None:
    async with forecourt(tmp_path, evses=1) as place:
        event = FaultFound(at=place.clock.now(), fault="door open")
        await place.benches[1].apply(event)
        assert not place.station.may_start(place.station.evses[1], ANNA).is_accepted
