from __future__ import annotations

from pathlib import Path

import pytest

from agent.availability.service import Availability, UnknownPlace
from agent.station.upkeep import look_after, take_over
from agent.store.database import Database, StoreError
from agent.variables.model import STATION, Place
from tests.unit.agent.station.test_station import ANNA, Forecourt, forecourt


async def change(place: Forecourt, where: Place, *, is_operative: bool = False) -> str:
    availability = place.station.availability
    answer = await availability.change(place.station.evses, where, is_operative=is_operative)
    await availability.follow(place.station.evses)
    return answer


def statuses(place: Forecourt) -> list[str]:
    return [service.status for service in place.station.evses.values()]


async def test_the_layers_are_remembered_each_for_itself(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        assert await change(place, Place(1)) == "Accepted"
        assert await change(place, STATION) == "Accepted"
        assert statuses(place) == ["Unavailable", "Unavailable"]
        assert await change(place, Place(2), is_operative=True) == "Accepted"
        assert statuses(place) == ["Unavailable", "Unavailable"], "the station itself is still out"
        await change(place, STATION, is_operative=True)
        assert statuses(place) == ["Unavailable", "Available"]


async def test_nobody_starts_and_who_charges_may_finish(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        await place.plug(1)
        await place.accepted(ANNA, 1)
        assert await change(place, STATION) == "Scheduled"
        assert statuses(place) == ["Occupied", "Unavailable"]
        assert await place.refused(ANNA, 2) == "out of service"
        assert place.state(1).wants_power
        await place.accepted(ANNA, 1)
        assert statuses(place) == ["Unavailable", "Unavailable"]
        assert await place.refused(ANNA, 1) == "out of service"


@pytest.mark.parametrize("where", [Place(3), Place(1, 2)])
async def test_a_place_that_is_not_there(tmp_path: Path, where: Place) -> None:
    async with forecourt(tmp_path) as place:
        with pytest.raises(UnknownPlace):
            await change(place, where)
        assert statuses(place) == ["Available", "Available"]


@pytest.mark.parametrize("followed", [False, True])
async def test_a_power_cut_after_it_was_stored_loses_nothing(tmp_path: Path, *, followed: bool) -> None:
    """What is stored counts, whether or not the EVSEs have followed."""
    async with forecourt(tmp_path) as place:
        await place.station.availability.change(place.station.evses, Place(2), is_operative=False)
        if followed:
            await look_after(place.station)
    async with forecourt(tmp_path) as place:
        assert statuses(place) == ["Available", "Unavailable"]
        await place.station.availability.change(place.station.evses, Place(2), is_operative=True)
        if followed:
            await look_after(place.station)
    async with forecourt(tmp_path) as place:
        assert statuses(place) == ["Available", "Available"]


async def test_what_cannot_be_stored_changes_nothing(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        database = Database(tmp_path / "agent.db")  # not open
        availability = Availability(database, place.clock.now)
        with pytest.raises(StoreError):
            await availability.change(place.station.evses, STATION, is_operative=False)
        await availability.follow(place.station.evses)
        assert statuses(place) == ["Available", "Available"]


async def test_an_evse_whose_state_cannot_be_written_follows_later(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        place.benches[1].journal.is_full = True
        await change(place, STATION)
        assert statuses(place) == ["Available", "Unavailable"]
        place.benches[1].journal.is_full = False
        await take_over(place.station)
        assert statuses(place) == ["Unavailable", "Unavailable"]
