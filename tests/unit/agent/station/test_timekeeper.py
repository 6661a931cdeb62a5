"""The clock is set while a session runs: what was recorded moves with it, durations stay true."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from agent.station.events import Authorized
from agent.station.timekeeper import Timekeeper
from agent.store import notices, outbox
from agent.store.journal import Journal
from agent.store.keeper import OutboxKeeper
from agent.transactions.records import Authorization, TransactionEvent
from tests.unit.agent.hardware import START, HandClock
from tests.unit.agent.station.bench import CARD, Bench, bench

NO_TIME = datetime(1970, 1, 1, 0, 16, 40, tzinfo=UTC)
SETTINGS = {"SampledDataCtrlr__TxUpdatedInterval": "60"}


def with_lines(station: Bench) -> Timekeeper:
    """Let the bench's journal note the line of its times, and have the clock kept."""
    station.journal = Journal(  # type: ignore[assignment]  # one that is never cut
        station.database, lambda: None, OutboxKeeper(), line=lambda: station.clock.line
    )
    return Timekeeper(station.clock, station.database, {1: station.service})


async def finish(station: Bench) -> list[TransactionEvent]:
    await station.wait(121)
    await station.stop_by_card()
    await station.until(lambda: station.state.transaction is None)
    return await station.events()


def times(events: list[TransactionEvent]) -> list[datetime]:
    return [event.at for event in events]


def same_boot(clock: HandClock, other: HandClock) -> None:
    clock.boot = other.boot
    clock._run = f"{other.boot}/another"


@pytest.mark.parametrize("hours", [3, -3, 24 * 365 * 30])
async def test_a_session_that_nobody_heard_of_moves_as_a_whole(tmp_path: Path, hours: int) -> None:
    """E12.FR.01, E04.FR.01: the times that the backend gets are those of the new clock, in order."""
    step = timedelta(hours=hours)
    async with bench(tmp_path, **SETTINGS) as station:
        with_lines(station)
        async with station.running():
            keeper = Timekeeper(station.clock, station.database, {1: station.service})
            await station.charge()
            await station.wait(61)
            before = await station.events()
            await keeper.step(step)
            after = await station.events()
            events = await finish(station)
    assert times(after) == [at + step for at in times(before)]
    assert [s.at for event in after for s in event.samples] == [
        s.at + step for event in before for s in event.samples
    ]
    assert times(events) == sorted(times(events))
    assert events[0].at >= START + step
    began, ended = events[-1].samples
    assert began.at == events[0].samples[0].at
    assert timedelta(seconds=180) <= ended.at - began.at <= timedelta(seconds=250)


@pytest.mark.parametrize("hours", [3, -3, -24 * 365])
async def test_a_session_that_was_told_goes_on_in_its_own_time(tmp_path: Path, hours: int) -> None:
    """The backend would find a session of hours, or one that ends before it begins."""
    async with bench(tmp_path, **SETTINGS) as station:
        with_lines(station)
        async with station.running():
            keeper = Timekeeper(station.clock, station.database, {1: station.service})
            await station.charge()
            await station.wait(61)
            before = await station.events()
            await station.database.write(lambda opened: outbox.offer(opened, 1))
            await keeper.step(timedelta(hours=hours))
            assert (await station.events()) == before, "what may have been told stays as it is"
            events = await finish(station)
            assert station.clock.now() >= START + timedelta(hours=hours, minutes=3)
            await station.charge()
            fresh = (await station.events())[-1]
    assert times(events) == sorted(times(events))
    began, ended = events[-1].samples
    assert began == before[0].samples[0]
    assert timedelta(seconds=180) <= ended.at - began.at <= timedelta(seconds=250)
    assert fresh.at >= START + timedelta(hours=hours, minutes=3), "the next one has the new time"


async def test_what_was_under_way_while_the_clock_was_set_happens_now(tmp_path: Path) -> None:
    """A card that was read before the step and let in after it."""
    async with bench(tmp_path, **SETTINGS, TxCtrlr__TxStartPoint="EVConnected,Authorized") as station:
        with_lines(station)
        station.clock.wall = NO_TIME
        async with station.running():
            keeper = Timekeeper(station.clock, station.database, {1: station.service})
            stale = station.clock.now()
            await keeper.step(START - NO_TIME)
            driver = Authorization(token=CARD, granted_at=stale)
            await station.apply(Authorized(at=stale, authorization=driver))
            (event,) = await station.events()
    assert event.at >= START


async def test_what_was_recorded_without_a_clock_is_dated_once_there_is_one(tmp_path: Path) -> None:
    """Two starts of the machine in 1970 and a third: in order, each as late as it can have been."""
    async with bench(tmp_path, **SETTINGS) as station:
        for _ in range(2):
            station.share(HandClock(NO_TIME))
            with_lines(station)
            async with station.running():
                await station.charge()
                await finish(station)
                station.controller.pilot = station.controller.pilot.A
                await station.until(lambda: station.state.phase.value == "idle")
        recorded = await station.events()
        station.share(HandClock(NO_TIME))
        keeper = with_lines(station)
        async with station.running():
            await keeper.step(START - station.clock.now())
        events = await station.events()
        booted_at = station.clock.booted_at
        left = await station.database.read(
            lambda opened: opened.execute("SELECT COUNT(*) FROM outbox WHERE line LIKE '%?'").fetchone()
        )
    assert all(event.at < NO_TIME + timedelta(hours=1) for event in recorded)
    assert times(events) == sorted(times(events))
    assert abs(events[-1].at - booted_at) < timedelta(milliseconds=2)
    for name in {event.transaction_id for event in events}:
        part, known = ([one for one in some if one.transaction_id == name] for some in (events, recorded))
        assert [one.at - part[0].at for one in part] == [one.at - known[0].at for one in known]
    assert left == (0,)


async def test_an_agent_that_restarts_on_the_same_machine_dates_exactly(tmp_path: Path) -> None:
    """The monotonic clock went on; the system's was set while no agent ran."""
    async with bench(tmp_path, **SETTINGS) as station:
        first = HandClock(NO_TIME)
        station.share(first)
        with_lines(station)
        async with station.running():
            await station.charge()
        recorded = await station.events()
        second = HandClock(START, first.monotonic_s + 500)
        station.share(second)
        same_boot(second, first)
        keeper = with_lines(station)
        await keeper.restore()
        events = await station.events()
        state = await station.stored()
    passed = START - timedelta(seconds=second.monotonic_s) - (NO_TIME - timedelta(seconds=1000))
    assert all(
        abs(now.at - then.at - passed) < timedelta(milliseconds=2)
        for now, then in zip(events, recorded, strict=True)
    )
    assert state.transaction is not None
    assert state.transaction.started_at == events[0].at
    assert state.transaction.begin == events[0].samples[0]


async def test_other_records_move_too(tmp_path: Path) -> None:
    async with bench(tmp_path) as station:
        keeper = with_lines(station)
        record = msgspec.json.encode({"what": "door open", "at": station.clock.now()})

        def add(opened: sqlite3.Connection) -> None:
            notices.add(opened, "Alarm", "1", record, None, 9, station.clock.line)
            notices.add(opened, "Alarm", "2", record, None, 9, "of another run")
            notices.add(opened, "Alarm", "3", b'{"what":"nothing"}', None, 9, station.clock.line)

        await station.database.write(add)
        await keeper.step(timedelta(hours=1))
        rows = await station.database.read(
            lambda opened: opened.execute("SELECT record FROM notice").fetchall()
        )
    moved, other, without = (msgspec.json.decode(stored) for (stored,) in rows)
    assert datetime.fromisoformat(moved["at"]) == START + timedelta(hours=1)
    assert datetime.fromisoformat(other["at"]) == START
    assert without == {"what": "nothing"}
