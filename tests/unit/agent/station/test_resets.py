from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent.station.evse import Phase
from agent.store.database import StoreError
from tests.unit.agent.station.test_station import ANNA, CARL, forecourt


async def test_a_reset_at_once_ends_every_transaction(tmp_path: Path) -> None:
    """B12.FR.04; TC_B_22_CS."""
    async with forecourt(tmp_path) as place:
        for number, token in ((1, ANNA), (2, CARL)):
            await place.plug(number)
            await place.accepted(token, number)
        await place.station.resets.carry_out("Immediate", None)
        ended = [event for event in await place.events() if event.kind == "Ended"]
        assert place.restarts == ["RemoteReset"]
    assert [event.stopped_reason for event in ended] == ["ImmediateReset"] * 2


async def test_a_reset_on_idle_of_an_idle_station_is_at_once(tmp_path: Path) -> None:
    """TC_B_20_CS."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.station.resets.carry_out("OnIdle", None)
        assert place.restarts == ["RemoteReset"]


async def test_a_reset_on_idle_waits_for_every_evse_and_lets_nobody_in(tmp_path: Path) -> None:
    """B12.FR.01, B12.FR.03; TC_B_21_CS."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        resetting = asyncio.create_task(place.station.resets.carry_out("OnIdle", None))
        await place.benches[1].until(lambda: place.station.evses[2].status == "Unavailable")
        assert await place.refused(CARL, 2) == "about to be reset"
        assert not place.station.may_start(place.station.evses[2], CARL).is_accepted
        await asyncio.sleep(0.6)
        assert place.restarts == []
        await place.accepted(ANNA)
        await resetting
        assert place.restarts == ["ScheduledReset"]


async def test_an_urgent_reset_hurries_one_that_waits(tmp_path: Path) -> None:
    """One restart comes of both."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        waiting = asyncio.create_task(place.station.resets.carry_out("OnIdle", None))
        await place.benches[1].until(lambda: place.station.evses[2].is_closing)
        await place.station.resets.carry_out("OnIdle", None)
        assert place.restarts == []
        await place.station.resets.carry_out("Immediate", None)
        await waiting
        assert place.restarts == ["ScheduledReset"]
        assert [event.kind for event in await place.events()].count("Ended") == 1


async def test_one_evse_is_reset_and_the_other_goes_on(tmp_path: Path) -> None:
    """B12.FR.08: ended with ResetCommand and ImmediateReset; TC_B_27_CS."""
    async with forecourt(tmp_path) as place:
        for number, token in ((1, ANNA), (2, CARL)):
            await place.plug(number)
            await place.accepted(token, number)
        await place.station.resets.carry_out("Immediate", 1)
        [ended] = [event for event in await place.events() if event.kind == "Ended"]
        assert (ended.evse_id, ended.trigger, ended.stopped_reason) == (1, "ResetCommand", "ImmediateReset")
        assert place.restarts == []
        assert place.state(1).transaction is None
        assert place.state(2).phase is Phase.POWERED
        assert not place.station.evses[1].is_closing
        await place.accepted(ANNA, 1)
        await place.benches[1].until(lambda: place.benches[1].controller.is_on)


async def test_an_evse_waits_for_its_own_transaction_only(tmp_path: Path) -> None:
    """B12.FR.07; TC_B_26_CS."""
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA)
        resets = place.station.resets
        assert (resets.ask("OnIdle", 1).status, resets.ask("OnIdle", 2).status) == ("Scheduled", "Accepted")
        waiting = asyncio.create_task(resets.carry_out("OnIdle", 1))
        await resets.carry_out("OnIdle", 2)
        assert not waiting.done()
        assert place.station.evses[1].is_closing
        assert await place.accepted(CARL, 2) == 2, "the other is in service again"
        await place.accepted(ANNA, 1)
        await waiting
        assert not place.station.evses[1].is_closing


async def test_what_must_not_be_interrupted_is_not(tmp_path: Path) -> None:
    """B11.FR.06, B11.FR.07, B12.FR.10: now it is refused; on idle it waits for that too."""
    async with forecourt(tmp_path) as place:
        resets, writing = place.station.resets, ["the firmware is being written"]
        resets.hindrances.append(lambda: writing[0] if writing else None)
        for evse_id in (None, 1):
            answer = resets.ask("Immediate", evse_id)
            assert (answer.status, answer.why) == ("Rejected", "the firmware is being written")
        assert resets.ask("OnIdle", None).status == "Scheduled"
        waiting = asyncio.create_task(resets.carry_out("OnIdle", None))
        await place.benches[1].until(lambda: place.station.evses[1].is_closing)
        assert place.restarts == []
        writing.clear()
        await waiting
        assert place.restarts == ["ScheduledReset"]


async def test_a_reset_that_cannot_be_stored_leaves_everything_in_service(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        attempts: list[str] = []

        async def fail(reason: str) -> None:
            attempts.append(reason)
            raise StoreError("the disk is full")

        place.station.resets._announce_restart = fail
        with pytest.raises(StoreError):
            await place.station.resets.carry_out("Immediate", None)
        assert attempts == ["RemoteReset"] * 2, "ResetRetries is 1"
        assert [service.is_closing for service in place.station.evses.values()] == [False, False]
        await place.accepted(CARL, 2)
