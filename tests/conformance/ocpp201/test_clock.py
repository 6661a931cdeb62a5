"""The station's clock is wrong, or set while sessions run: what the CSMS gets is in order and in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conformance.history import problems, transactions
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.sessions import charge, trigger
from tests.conformance.station import CARD, StationUnderTest

SETTINGS = {"AuthCtrlr.OfflineTxForUnknownIdEnabled": True, "SampledDataCtrlr.TxUpdatedInterval": 1}
SLACK = timedelta(seconds=3)
IN_1970 = datetime(1970, 1, 1, 0, 1, tzinfo=UTC) - datetime.now(UTC)


@asynccontextmanager
async def offline(directory: Path, off: timedelta) -> AsyncIterator[tuple[StationUnderTest, Csms, int]]:
    """A station with a wrong clock and a CSMS that cannot be reached yet."""
    async with Csms(tokens={CARD: {"status": "Accepted"}}) as csms:
        url, port = csms.url, csms.port
        await csms.close()
        station = StationUnderTest(directory=directory, url=url, variables=SETTINGS)
        station.set_wall_clock(off)
        async with station:
            yield station, csms, port


async def session(station: StationUnderTest) -> tuple[datetime, datetime]:
    """Charge for some seconds, and return between when, by the right time."""
    station.bay.plug_in()
    await station.until(phase="cable-only")
    began = datetime.now(UTC)
    await station.accepted(CARD)
    await station.until(charging_state="Charging")
    await asyncio.sleep(1.5)
    station.bay.unplug()
    await station.until(status="Available", transaction=None)
    return began, datetime.now(UTC)


async def delivered(station: StationUnderTest, csms: Csms, count: int = 1) -> list[Sequence[Payload]]:
    """Wait until all is told, which is so many transactions, and return the events of each."""
    async with asyncio.timeout(30):
        while (await station.ask(do="status"))["outbox"]["waiting"]:
            await asyncio.sleep(0.05)
    outbox = (await station.ask(do="status"))["outbox"]
    assert (problems(csms), outbox["set_aside"]) == ([], 0)
    found: list[Sequence[Payload]] = [*transactions(csms).values()]
    assert len(found) == count, (found, csms.paths, station.log)
    return found


def span(events: Sequence[Payload]) -> tuple[datetime, datetime]:
    first, last = (datetime.fromisoformat(events[place]["timestamp"]) for place in (0, -1))
    return first, last


@pytest.mark.parametrize(
    "off",
    [timedelta(hours=3), timedelta(hours=-3), timedelta(days=-900), IN_1970],
    ids=["ahead", "behind", "years behind", "in 1970"],
)
async def test_a_session_that_the_station_dated_wrongly(tmp_path: Path, off: timedelta) -> None:
    """B01.FR.06, E12.FR.01: hours ahead or behind, years, or no time at all; dated as it really was."""
    async with offline(tmp_path, off) as (station, csms, port):
        began, ended = await session(station)
        await csms.listen(port)
        (events,) = await delivered(station, csms)
    first, last = span(events)
    assert abs(first - began) < SLACK
    assert abs(last - ended) < SLACK


async def test_a_system_clock_that_is_set_in_mid_session(tmp_path: Path) -> None:
    """By NTP, when the network is there at last."""
    async with offline(tmp_path, IN_1970) as (station, csms, port):
        station.bay.plug_in()
        await station.until(phase="cable-only")
        began = datetime.now(UTC)
        await station.accepted(CARD)
        await station.until(charging_state="Charging")
        station.set_wall_clock(timedelta())
        async with asyncio.timeout(30):
            while "the system's clock was set" not in station.log:
                await asyncio.sleep(0.05)
        station.bay.unplug()
        await station.until(status="Available", transaction=None)
        ended = datetime.now(UTC)
        await csms.listen(port)
        (events,) = await delivered(station, csms)
    first, last = span(events)
    assert abs(first - began) < SLACK
    assert abs(last - ended) < SLACK


async def test_power_cuts_while_no_time_is_known(tmp_path: Path) -> None:
    """Two starts in 1970, and a third: in order, each as long as it was, none in the future."""
    async with offline(tmp_path, IN_1970) as (station, csms, port):
        lengths = []
        for _ in range(2):
            began, ended = await session(station)
            lengths.append(ended - began)
            await station.cut_power()
            station.set_wall_clock(datetime(1970, 1, 1, 0, 1, tzinfo=UTC) - datetime.now(UTC))
            await station.power_on()
        await csms.listen(port)
        told = [span(events) for events in await delivered(station, csms, 2)]
    assert told[0][1] <= told[1][0]
    assert told[0][0].year >= 2025
    assert told[1][1] <= datetime.now(UTC)
    for (first, last), length in zip(told, lengths, strict=True):
        assert abs((last - first) - length) < SLACK


@pytest.mark.parametrize("hours", [5, -5])
async def test_a_backend_whose_clock_changes_in_mid_session(tmp_path: Path, hours: int) -> None:
    """G02.FR.06: the session that it knows keeps its time; the next one has the new."""
    async with (
        Csms(tokens={CARD: {"status": "Accepted"}}) as csms,
        StationUnderTest(directory=tmp_path, url=csms.url, variables=SETTINGS) as station,
    ):
        await csms.expect("BootNotification")
        began = datetime.now(UTC)
        await charge(station, csms)
        csms.clock_offset = timedelta(hours=hours)
        assert await trigger(csms, "Heartbeat") == "Accepted"
        async with asyncio.timeout(30):
            while "clock corrected" not in station.log:
                await asyncio.sleep(0.05)
        station.bay.unplug()
        await station.until(status="Available", transaction=None)
        ended = datetime.now(UTC)
        await session(station)
        known, following = await delivered(station, csms, 2)
    first, last = span(known)
    assert abs(first - began) < SLACK
    assert abs(last - ended) < SLACK
    assert abs(span(following)[0] - ended - timedelta(hours=hours)) < 2 * SLACK
