from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.smartcharging.matching import Criteria
from agent.smartcharging.profiles import Profile
from agent.station.evse import Phase
from agent.station.limits import Limits
from agent.store import charging_profiles
from agent.store.database import Database, StoreError
from tests.unit.agent.hardware import START, HandClock, MemorySettings
from tests.unit.agent.smartcharging.charging import profile
from tests.unit.agent.station.bench import wiring
from tests.unit.agent.station.test_station import ANNA, CARL, Forecourt, forecourt


@asynccontextmanager
async def limited(path: Path, *, together_a: int = 32, **settings: Any) -> AsyncIterator[Forecourt]:
    """A station of two EVSEs whose limits are kept up to date."""
    async with forecourt(path, **settings) as place:
        place.limits._wiring = wiring(1, 2, together_a=together_a)
        keeping = asyncio.create_task(place.limits.run())
        try:
            yield place
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


def default(*steps: Any, **members: Any) -> Profile:
    return profile(*steps, start=START - timedelta(hours=1), **members)


async def charge(place: Forecourt, evse_id: int, token: Any = ANNA) -> None:
    await place.plug(evse_id)
    assert await place.accepted(token, evse_id) == evse_id
    await place.benches[evse_id].until_charging()


async def offered(place: Forecourt, evse_id: int, limit_a: int) -> None:
    controller = place.benches[evse_id].controller
    await place.benches[evse_id].until(lambda: controller.commands[-1:] == [limit_a])


async def test_a_profile_limits_a_charge_that_runs(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        await charge(place, 1)
        await offered(place, 1, 16)
        assert await place.limits.install(default((0, 10))) is None
        await offered(place, 1, 10)
        assert await place.limits.clear(Criteria()) == 1
        await offered(place, 1, 16)
        triggers = [event.trigger for event in await place.events()]
    assert triggers.count("ChargingRateChanged") == 2


async def test_less_than_a_pilot_can_say_is_no_power(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        await charge(place, 1)
        await place.limits.install(default((0, 5.9)))
        await offered(place, 1, 0)
        await place.benches[1].until(lambda: place.state(1).charging_state == "SuspendedEVSE")
        assert place.state(1).transaction is not None
        await place.limits.clear(Criteria())
        await offered(place, 1, 16)
        await place.benches[1].until_charging()


async def test_a_limit_holds_for_a_charge_that_begins(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        await place.limits.install(default((0, 12), evse_id=0))
        await place.benches[1].until(lambda: place.station.evses[1].limit_a == 12)
        await charge(place, 1)
        assert place.benches[1].controller.commands[-1] == 12
        assert 16 not in place.benches[1].controller.commands


async def test_the_limit_follows_the_schedule(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        await charge(place, 1)
        now = place.clock.now()
        await place.limits.install(profile((0, 12), (600, 8), start=now))
        await offered(place, 1, 12)
        place.clock.advance(601)
        await offered(place, 1, 8)


async def test_a_tx_profile_goes_with_its_transaction(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        await charge(place, 1)
        transaction = place.state(1).transaction
        assert transaction is not None
        own = profile((0, 8), kind="Relative", purpose="TxProfile", transaction_id=transaction.id)
        assert await place.limits.install(own) is None
        await offered(place, 1, 8)
        await place.accepted(ANNA, 1)  # stops
        await place.benches[1].until(lambda: place.limits.profiles == ())
        await place.benches[1].until(lambda: place.station.evses[1].limit_a == 16)


async def test_a_profile_of_a_remote_start_waits_for_the_cable(tmp_path: Path) -> None:
    """K05: the transaction begins when the vehicle is there, and so does the profile."""
    async with limited(tmp_path, TxCtrlr__TxStartPoint="PowerPathClosed") as place:
        service = place.station.evses[1]
        own = replace(profile((0, 9), kind="Relative", purpose="TxProfile"), transaction_id=None)
        assert place.limits.problem_with_next(own) is None
        assert (await place.station.remote_start(service, ANNA, None, 7)).is_accepted
        await place.limits.install_for_next(own)
        assert place.state(1).phase is Phase.DRIVER_ONLY
        await place.plug(1)
        await offered(place, 1, 9)
        (installed,) = place.limits.profiles
        assert installed.transaction_id == service.transaction_id


async def test_a_profile_of_a_remote_start_that_came_to_nothing_is_forgotten(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        own = replace(profile((0, 9), kind="Relative", purpose="TxProfile"), transaction_id=None)
        await place.limits.install_for_next(own)
        await place.benches[1].until(lambda: place.limits.profiles == ())


async def test_two_evses_share_a_small_supply_and_give_way_before_others_get_more(tmp_path: Path) -> None:
    async with limited(tmp_path, together_a=20) as place:
        await charge(place, 1)
        await offered(place, 1, 16)
        await place.plug(2)
        assert await place.accepted(CARL, 2) == 2
        await offered(place, 1, 10)
        await offered(place, 2, 10)
        both = [place.benches[number].controller.commands for number in (1, 2)]
    assert 16 not in both[1]
    assert max(both[1]) + 10 <= 20


async def test_what_a_silent_controller_may_still_let_through_is_nobody_elses(tmp_path: Path) -> None:
    """Its fault takes the power away only as far as it can be reached."""
    async with limited(tmp_path, together_a=26) as place:
        await charge(place, 1)
        await charge(place, 2, CARL)
        await offered(place, 2, 13)
        first, second = place.benches[1], place.benches[2]
        first.controller.is_silent = True
        place.clock.advance(4)
        await second.until(lambda: place.state(1).fault is not None)
        await offered(place, 2, 10)
        first.controller.is_silent = False
        await offered(place, 2, 13)


@dataclass
class Starting:
    """An EVSE right after a start: its controller has not confirmed yet that power is off."""

    unconfirmed_a: int = 16
    limit_a: int = 16
    could_charge: bool = False
    has_driver: bool = False
    transaction_id: None = None
    charging_since: None = None
    drawn_a: None = None
    soc: None = None
    switches_phases: bool = False

    def reckon_phases(self, allowed: int) -> int:
        return allowed

    async def limit(self, limit_a: int) -> None:
        self.limit_a = limit_a


@pytest.mark.parametrize(("together_a", "limits_a"), [(32, [16, 16]), (20, [16, 16])])
async def test_what_nobody_has_confirmed_yet_counts_for_the_evse_itself(
    tmp_path: Path, together_a: int, limits_a: list[int]
) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    limits = Limits(wiring(1, 2, together_a=together_a), database, MemorySettings(), HandClock())
    evses = {1: Starting(), 2: Starting()}
    limits.attach(evses)
    await limits.restore()
    assert [evse.limit_a for evse in evses.values()] == limits_a
    evses[1].unconfirmed_a = 0
    await limits.restore()
    assert evses[1].limit_a == (16 if together_a == 32 else 0)
    await database.close()


async def test_who_would_not_charge_with_so_little_waits(tmp_path: Path) -> None:
    """minChargingRate of the profile that leads counts where EVSEs share."""
    async with limited(tmp_path, together_a=20) as place:
        one = default((0, 16), evse_id=2)
        choosy = replace(one.schedule, lowest_rate=Decimal("11.5"))
        await place.limits.install(replace(one, schedules=(choosy,)))
        await charge(place, 1)
        await charge(place, 2, CARL)
        await offered(place, 2, 12)
        await offered(place, 1, 8)


async def test_profiles_of_an_evse_that_is_gone_are_forgotten(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        own = profile((0, 9), id=7, evse_id=9, purpose="TxProfile", kind="Relative")
        await place.database.write(lambda opened: charging_profiles.save(opened, own))
        await place.limits.restore()
        assert place.limits.find(Criteria()) == []
        await place.benches[1].until(lambda: not place.limits.profiles)


async def test_what_the_station_as_a_whole_may_draw_is_shared_too(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        await charge(place, 1)
        await charge(place, 2, CARL)
        station = default((0, 13), purpose="ChargingStationMaxProfile")
        assert await place.limits.install(station) is None
        await offered(place, 1, 6)
        await offered(place, 2, 6)


async def test_profiles_are_there_again_after_a_restart_before_anything_is_offered(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        await charge(place, 1)
        await place.limits.install(default((0, 7)))
        await offered(place, 1, 7)
    async with limited(tmp_path) as place:
        await place.benches[1].until(lambda: bool(place.benches[1].controller.commands))
        assert [one.id for one in place.limits.profiles] == [1]
        assert place.station.evses[1].limit_a == 7


async def test_a_store_that_cannot_be_written_installs_and_clears_nothing(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        await place.limits.install(default((0, 7)))
        await place.benches[1].database.write(refuse_changes)
        with pytest.raises(StoreError, match="worn out"):
            await place.limits.install(default((0, 9)))
        with pytest.raises(StoreError, match="worn out"):
            await place.limits.clear(Criteria())
        (kept,) = place.limits.profiles
    assert kept.schedule.periods[0].limit == 7


def refuse_changes(opened: sqlite3.Connection) -> None:
    for what in ("INSERT", "DELETE"):
        opened.execute(
            f"CREATE TRIGGER no_{what} BEFORE {what} ON charging_profile "
            "BEGIN SELECT RAISE(ABORT, 'worn out'); END"
        )
