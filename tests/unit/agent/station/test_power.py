from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agent.station.power import CONFIRM_EVERY_S, WATCHED_S, PowerSwitch
from tests.unit.agent.hardware import HandClock, MemoryController


@asynccontextmanager
async def switching(
    controller: MemoryController, clock: HandClock | None = None
) -> AsyncIterator[PowerSwitch]:
    switch = PowerSwitch("EVSE 1", controller, clock or HandClock())
    running = asyncio.create_task(switch.run())
    try:
        yield switch
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until_is(switch: PowerSwitch, is_on: bool | None) -> None:
    async with asyncio.timeout(5):
        while switch.is_on is not is_on:
            await asyncio.sleep(0.001)


async def test_it_begins_by_making_sure_that_power_is_off() -> None:
    controller = MemoryController(HandClock())
    async with switching(controller) as switch:
        assert switch.is_on is None
        await until_is(switch, is_on=False)
    assert controller.commands == [0]


async def test_what_is_wanted_before_it_runs_is_what_it_begins_with() -> None:
    """A resumed session's contactor does not open for a moment."""
    controller = MemoryController(HandClock())
    switch = PowerSwitch("EVSE 1", controller, HandClock())
    switch.want(16)
    running = asyncio.create_task(switch.run())
    await until_is(switch, is_on=True)
    running.cancel()
    assert controller.commands == [16]


async def test_power_is_offered_and_withdrawn_once_each() -> None:
    controller = MemoryController(HandClock())
    async with switching(controller) as switch:
        switch.want(16)
        switch.want(16)
        await until_is(switch, is_on=True)
        assert await switch.off(5)
        switch.want(0)
        await asyncio.sleep(0.01)
    assert controller.commands == [16, 0]


async def test_a_silent_controller_is_tried_until_it_obeys_and_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    controller = MemoryController(HandClock())
    controller.is_silent = True
    async with switching(controller) as switch:
        assert not await switch.off(0.05)
        assert switch.is_on is None
        switch.want(16)
        await asyncio.sleep(0.6)
        controller.is_silent = False
        await until_is(switch, is_on=True)
    assert controller.commands == [16]
    assert [record.getMessage() for record in caplog.records] == [
        "EVSE 1: power off not confirmed: no answer",
        "EVSE 1: the charge controller did not confirm that power is off",
    ]


async def test_a_controller_that_was_away_is_told_again() -> None:
    controller = MemoryController(HandClock())
    async with switching(controller) as switch:
        switch.want(16)
        await until_is(switch, is_on=True)
        switch.doubt()
        assert switch.is_on is None
        await until_is(switch, is_on=True)
    assert controller.commands == [16, 16]


async def test_once_retired_it_offers_no_more() -> None:
    """Nobody meters when the agent has gone."""
    controller = MemoryController(HandClock())
    async with switching(controller) as switch:
        switch.want(16)
        await until_is(switch, is_on=True)
        await switch.retire(5)
        switch.want(16)
        await asyncio.sleep(0.01)
    assert controller.commands == [16, 0]


async def test_a_controller_confirms_now_and_then_what_it_does() -> None:
    """One that restarted between two polls, or was told otherwise by another, is told again."""
    clock = HandClock()
    controller = MemoryController(clock)
    async with switching(controller, clock) as switch:
        switch.want(16)
        await until_is(switch, is_on=True)
        switch.watched()
        assert switch.is_on, "not yet"
        clock.advance(CONFIRM_EVERY_S)
        switch.watched()
        await until_is(switch, is_on=True)
    assert controller.commands == [16, 16]


async def test_nothing_is_offered_or_repeated_for_an_evse_that_hangs() -> None:
    """Calls to the controller would keep its watchdog quiet."""
    clock = HandClock()
    controller = MemoryController(clock)
    async with switching(controller, clock) as switch:
        await until_is(switch, is_on=False)
        clock.advance(WATCHED_S + 1)
        switch.want(16)
        await asyncio.sleep(0.05)
        assert controller.commands == [0]
        controller.is_silent = True
        switch.want(0)
        switch.doubt()
        await asyncio.sleep(0.6)
        assert controller.calls == 2, "a withdrawal is tried once"
        controller.is_silent = False
        switch.watched()
        await until_is(switch, is_on=False)


async def test_for_how_long_power_is_off_or_stays() -> None:
    clock = HandClock()
    controller = MemoryController(clock)
    async with switching(controller, clock) as switch:
        clock.advance(3)
        assert (round(switch.stays_s), switch.off_s) == (3, 0), "at a start nobody knows"
        await until_is(switch, is_on=False)
        clock.advance(7)
        assert (switch.stays_s, round(switch.off_s)) == (0, 7)
        switch.want(16)
        await until_is(switch, is_on=True)
        assert (switch.stays_s, switch.off_s) == (0, 0)
        controller.is_silent = True
        switch.want(0)
        clock.advance(4)
        await asyncio.sleep(0)
        assert (round(switch.stays_s), switch.off_s) == (4, 0)


async def test_a_lower_limit_that_is_not_confirmed_counts_as_too_much_power() -> None:
    """A higher one does not: the vehicle then draws less than it may."""
    clock = HandClock()
    controller = MemoryController(clock)
    async with switching(controller, clock) as switch:
        await until_is(switch, is_on=False)
        switch.want(16)
        await until_is(switch, is_on=True)
        controller.refuses = True
        switch.want(20)
        await until_is(switch, is_on=None)
        clock.advance(3)
        assert switch.stays_s == 0
        switch.want(10)
        clock.advance(3)
        assert round(switch.stays_s) == 3
        controller.refuses = False
        switch.watched()
        await until_is(switch, is_on=True)
        assert switch.stays_s == 0
    assert controller.commands == [0, 16, 10]
