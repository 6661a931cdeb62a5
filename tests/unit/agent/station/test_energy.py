"""What a transaction says of energy when its meter misbehaves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from agent.metering.problems import Break, Problem
from agent.station.events import SampleDue
from agent.station.faults import METER_DOUBTED, METER_SILENT
from agent.transactions.records import Sample, TransactionEvent
from tests.unit.agent.metering.readings import LIMITS
from tests.unit.agent.station.bench import Bench, bench

WH = "Energy.Active.Import.Register"
EVERY_SECOND = {"SampledDataCtrlr__TxUpdatedInterval": "1"}


@asynccontextmanager
async def careful(path: Path, **settings: str) -> AsyncIterator[Bench]:
    """A bench whose meter is held to what a fuse lets through."""
    async with bench(path, **settings) as station:
        station.limits = LIMITS
        yield station


def counts(events: list[TransactionEvent]) -> list[tuple[datetime, int]]:
    """Return every count that was published, by the time it carries."""
    samples = [sample for event in events for sample in event.samples]
    return sorted((sample.at, count) for sample in samples if (count := count_of(sample)) is not None)


def count_of(sample: Sample) -> int | None:
    found = [int(value.value) for value in sample.values if value.measurand == WH]
    return found[0] if found else None


async def polled(station: Bench, times: int = 2) -> None:
    reads = station.meter.reads
    await station.until(lambda: station.meter.reads >= reads + times)


async def seconds(station: Bench, count: int, mwh_a_second: int = 0) -> None:
    """Let time pass a second at a time, each polled, while the count moves on."""
    for _ in range(count):
        station.clock.advance(1)
        station.meter.energy_mwh += mwh_a_second
        await polled(station)


async def finished(station: Bench) -> TransactionEvent:
    await station.until(lambda: station.state.transaction is None)
    return (await station.events())[-1]


@pytest.mark.parametrize(
    ("count_mwh", "serial_number", "kind"),
    [
        (0, None, Break.RESET),
        (900_000_000, None, Break.JUMP),
        (6_000_000, "B", Break.REPLACED),
    ],
)
async def test_another_register_in_a_transaction_ends_it_with_the_last_count_before(
    tmp_path: Path, count_mwh: int, serial_number: str | None, kind: Break
) -> None:
    """E06.FR.16."""
    async with careful(tmp_path, **EVERY_SECOND) as station, station.running():
        station.meter.serial_number = None if serial_number is None else "A"
        await polled(station)
        await station.charge()
        await seconds(station, 3, 3_000)
        before_wh = station.meter.energy_mwh // 1000
        station.meter.energy_mwh, station.meter.serial_number = count_mwh, serial_number
        await seconds(station, 14, 3_000)
        ended = await finished(station)
        assert not station.controller.is_on, "nobody pays for what flows on"
        assert station.poller.counters.breaks == {kind: 1}
        published = counts(await station.events())
    assert (ended.kind, ended.trigger, ended.stopped_reason) == ("Ended", "AbnormalCondition", "Other")
    assert [count for _, count in counts([ended])] == [5_000, before_wh]
    shown = [count for _, count in published]
    assert shown == sorted(shown), "no count falls"
    assert shown[-1] == before_wh, "nor does it jump"


async def test_after_the_break_the_new_register_serves_the_next_driver(tmp_path: Path) -> None:
    async with careful(tmp_path) as station, station.running():
        await station.charge()
        station.meter.energy_mwh = 0
        await seconds(station, 14)
        await finished(station)
        assert station.state.status == "Occupied", "the cable is still there"
        await station.until(lambda: station.poller.broken is None)
        await polled(station)
        await station.tap()
        await station.until_charging()
        started = (await station.events())[-2]
    assert [count for _, count in counts([started])] == [0]


async def test_another_register_while_nobody_charges_is_told_and_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with careful(tmp_path) as station, station.running():
        station.meter.energy_mwh = 0
        await seconds(station, 14)
        await station.until(lambda: station.poller.broken is None)
        await polled(station)
        assert station.poller.counted is not None
        assert station.poller.counted.energy_import_mwh == 0
        assert await station.events() == []
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert told == [
        "meter: the count was set back: 0 Wh, last believed 5000 Wh, serial number unknown; a transaction "
        "that runs ends with the last count before"
    ]


async def test_a_wrong_count_is_nowhere_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with careful(tmp_path, **EVERY_SECOND) as station, station.running():
        await station.charge()
        await seconds(station, 2, 3_000)
        for _ in range(3):
            true_mwh = station.meter.energy_mwh
            station.meter.energy_mwh = 2**40
            await seconds(station, 1)
            await station.apply(SampleDue(at=station.clock.now(), trigger="Trigger"))
            station.meter.energy_mwh = true_mwh
            await seconds(station, 1)
        await station.stop_by_card()
        events = await station.events()
    assert {count for _, count in counts(events)} <= {5_000, 5_003, 5_006}
    asked = [event for event in events if event.trigger == "Trigger"]
    assert all(event.samples and count_of(event.samples[0]) is None for event in asked), "the rest was good"
    told = [record.getMessage() for record in caplog.records if "not believed" in record.getMessage()]
    assert told == [f"meter: not believed: {Problem.COUNT_JUMPED.value}"]


async def test_a_count_that_cannot_be_believed_for_long_faults_the_evse(tmp_path: Path) -> None:
    """Energy nobody can count is not given away. The transaction waits and goes on."""
    async with careful(tmp_path) as station, station.running():
        await station.charge()
        station.meter.has_count = False
        await seconds(station, 17)
        await station.until(lambda: station.state.fault == METER_DOUBTED)
        await station.until(lambda: not station.controller.is_on)
        assert station.service.status == "Faulted"
        station.meter.has_count = True
        await polled(station)
        await station.until(lambda: station.controller.is_on)
        await station.until(lambda: station.service.status == "Occupied")
        assert station.state.transaction is not None


async def test_no_energy_before_the_meter_gave_a_count_to_start_from(tmp_path: Path) -> None:
    async with careful(tmp_path) as station, station.running():
        station.meter.has_count = False
        station.clock.advance(6)
        await polled(station)
        await station.apply_plug_and_card()
        assert station.state.transaction is not None
        await asyncio.sleep(0.1)
        assert not station.controller.is_on
        station.meter.has_count = True
        await station.until_charging()
        station.meter.energy_mwh = 5_009_000
        await seconds(station, 1)
        await station.stop_by_card()
        ended = (await station.events())[-1]
    assert [count for _, count in counts([ended])] == [5_000, 5_009]


async def test_a_dead_meter_is_in_no_message_as_alive(tmp_path: Path) -> None:
    """Begin, periodic, aligned, triggered and final values carry the time at which they were measured."""
    async with careful(tmp_path, **EVERY_SECOND) as station, station.running():
        await station.charge()
        await seconds(station, 3, 3_000)
        station.meter.is_silent = True
        await polled(station)
        assert station.poller.last is not None
        died = station.poller.last.taken_at.wall
        await station.apply(SampleDue(at=station.clock.now(), trigger="MeterValueClock"))
        await station.apply(SampleDue(at=station.clock.now(), trigger="Trigger"))
        for _ in range(30):
            station.clock.advance(1)
            await asyncio.sleep(0.01)
        await station.until(lambda: station.state.fault == METER_SILENT)
        assert station.service.latest_sample((WH,), "Trigger") is None
        await station.stop_by_card()
        events = await station.events()
    times = {count: {at for at, other in counts(events) if other == count} for _, count in counts(events)}
    assert max(at for at, _ in counts(events)) == died
    assert max(times) == 5_009
    assert times[5_009] <= {at for at, _ in counts(events) if at <= died}


async def test_after_a_restart_a_dead_meter_ends_with_the_count_known_before(tmp_path: Path) -> None:
    async with careful(tmp_path, **EVERY_SECOND) as station:
        async with station.running():
            await station.charge()
            await seconds(station, 3, 3_000)
        known = (await station.stored()).transaction
        assert known is not None
        assert known.register is not None
        station.meter.is_silent = True
        station.clock.advance(5)
        async with station.running():
            await station.stop_by_card()
            ended = (await station.events())[-1]
    assert counts([ended])[-1] == (known.register.at, known.register.energy_mwh // 1000)


@pytest.mark.parametrize(("serial_number", "count_mwh"), [("B", 5_003_000), ("A", 17_000)])
async def test_a_meter_replaced_while_the_agent_was_away_ends_the_transaction(
    tmp_path: Path, serial_number: str, count_mwh: int
) -> None:
    async with careful(tmp_path) as station:
        station.meter.serial_number = "A"
        async with station.running():
            await station.charge()
        station.meter.serial_number, station.meter.energy_mwh = serial_number, count_mwh
        async with station.running():
            await seconds(station, 14)
            ended = await finished(station)
    assert ended.trigger == "AbnormalCondition"
    assert [count for _, count in counts([ended])] == [5_000, 5_000]
