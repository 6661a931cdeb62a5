from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.station.bolt import PlugLock
from drivers.readings import Pilot
from tests.unit.agent.hardware import HandClock, MemoryLock
from tests.unit.agent.station.bench import CARD, Bench, bench


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def bolted() -> AsyncIterator[tuple[PlugLock, MemoryLock]]:
    clock = HandClock()
    memory = MemoryLock(clock)
    lock = PlugLock("EVSE 1", memory, clock)
    task = asyncio.create_task(lock.run())
    try:
        yield lock, memory
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_RETRY_S", "_REST_S"):
        monkeypatch.setattr(f"agent.station.bolt.{name}", 0.01)


async def test_it_holds_and_lets_go() -> None:
    async with bolted() as (lock, memory):
        memory.is_locked = True
        await until(lambda: memory.moves == [False])  # nothing is wanted, so it is opened at first
        lock.want(is_held=True)
        await until(lambda: lock.bolt == "held")
        lock.want(is_held=False)
        await until(lambda: lock.bolt == "open")
        assert not lock.has_failed


async def test_only_what_is_read_back_counts() -> None:
    """G05.FR.01: told is not done; it is tried on, and the failure ends with the first success."""
    async with bolted() as (lock, memory):
        memory.is_stuck = True
        lock.want(is_held=True)
        await until(lambda: lock.bolt == "failed")
        tries = len(memory.moves)
        await until(lambda: len(memory.moves) > tries)
        memory.is_stuck = False
        await until(lambda: lock.bolt == "held")
        assert not lock.has_failed


async def test_a_bolt_that_does_not_say_where_it_is_does_not_hold() -> None:
    async with bolted() as (lock, memory):
        memory.is_locked, memory.is_stuck = None, True
        lock.want(is_held=True)
        await until(lambda: lock.bolt == "failed")


async def test_one_that_opens_by_itself_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.station.bolt._CONFIRM_EVERY_S", 0.0)
    async with bolted() as (lock, memory):
        lock.want(is_held=True)
        await until(lambda: lock.bolt == "held")
        memory.is_locked, memory.is_stuck = False, True
        await until(lambda: lock.bolt == "failed")


async def test_opening_on_demand() -> None:
    """F05.FR.04: also where it seems to be loose."""
    async with bolted() as (lock, memory):
        await until(lambda: memory.moves == [False])
        assert await lock.open_now()
        assert memory.moves == [False, False]
        memory.is_locked, memory.is_stuck = True, True
        assert not await lock.open_now()
        memory.is_stuck, memory.is_silent = False, True
        assert not await lock.open_now()
        memory.is_silent = False
        assert await lock.open_now()


# at an EVSE


@asynccontextmanager
async def socket(path: Path, **settings: str) -> AsyncIterator[tuple[Bench, MemoryLock]]:
    async with bench(path, **settings) as place:
        place.lock = MemoryLock(place.clock)
        yield place, place.lock


async def test_the_plug_is_held_for_as_long_as_somebody_charges(tmp_path: Path) -> None:
    async with socket(tmp_path) as (place, lock), place.running(has_fixed_cable=False):
        await place.charge()
        assert lock.is_locked
        await place.stop_by_card()
        await place.until(lambda: not lock.is_locked)
        assert not place.controller.is_on, "never let go while power is on"


async def test_no_energy_without_the_bolt(tmp_path: Path) -> None:
    """G05.FR.01."""
    async with socket(tmp_path) as (place, lock), place.running(has_fixed_cable=False):
        lock.is_stuck = True
        await place.apply_plug_and_card()
        await place.until(lambda: place.state.bolt == "failed")
        assert place.state.charging_state == "SuspendedEVSE"
        assert not place.controller.is_on
        lock.is_stuck = False
        await place.until_charging()


async def test_the_bolt_holds_over_a_start_of_the_agent(tmp_path: Path) -> None:
    async with socket(tmp_path) as (place, lock):
        async with place.running(has_fixed_cable=False):
            await place.charge()
        lock.moves.clear()
        async with place.running(has_fixed_cable=False):
            await place.until_charging()
        assert lock.moves == [True]


async def test_a_cable_waits_for_its_driver(tmp_path: Path) -> None:
    """E09.FR.03: UnlockOnEVSideDisconnect is false."""
    never = {"OCPPCommCtrlr__UnlockOnEVSideDisconnect": "false"}
    async with socket(tmp_path, **never) as (place, lock), place.running(has_fixed_cable=False):
        await place.charge()
        place.controller.pilot = Pilot.A
        await place.until(lambda: place.state.kept_for is not None)
        await place.until(lambda: place.state.transaction is None)
        assert lock.is_locked
        await place.tap(CARD)
        await place.until(lambda: not lock.is_locked)
