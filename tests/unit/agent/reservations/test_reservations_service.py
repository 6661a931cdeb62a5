from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from agent.reservations.book import Reservation
from agent.reservations.service import ReservationEnded, Reservations
from agent.station.upkeep import look_after
from agent.store.database import Database, StoreError
from agent.store.reservations import save
from tests.unit.agent.station.test_station import ANNA, BERT, CARL, Forecourt, forecourt


def made(place: Forecourt, number: int = 1, evse: int | None = None, group: str | None = None) -> Reservation:
    expires_at = place.clock.now() + timedelta(seconds=2)
    return Reservation(id=number, token=ANNA, group_id=group, evse_id=evse, expires_at=expires_at)


async def reserve(place: Forecourt, one: Reservation) -> str:
    answer = await place.station.reservations.reserve(place.station.evses, one)
    await place.station.reservations.follow(place.station.evses)
    return answer


def told_by(place: Forecourt) -> list[ReservationEnded]:
    told: list[ReservationEnded] = []

    async def tell(ended: ReservationEnded) -> None:
        told.append(ended)

    place.station.reservations.report_to(tell)
    return told


def statuses(place: Forecourt) -> list[str]:
    return [service.status for service in place.station.evses.values()]


async def test_a_reserved_evse_is_found_for_its_driver_and_for_nobody_else(tmp_path: Path) -> None:
    """H01.FR.15, H03.FR.01."""
    async with forecourt(tmp_path) as place:
        told = told_by(place)
        assert await reserve(place, made(place, evse=2)) == "Accepted"
        assert statuses(place) == ["Available", "Reserved"]
        assert await place.refused(CARL, 2) == "reserved for somebody else"
        assert await place.accepted(ANNA) == 2, "without naming it"
        assert place.station.reservations.book == ()
        await place.plug(2)
        events = [event for event in await place.events() if event.kind == "Started"]
        assert [event.reservation_id for event in events] == [1]
        assert told == []


async def test_a_group_may_use_it_once_the_backend_has_said_so(tmp_path: Path) -> None:
    """H03.FR.07: the group is not on the card."""
    async with forecourt(tmp_path) as place:
        await reserve(place, made(place, evse=2, group="family"))
        assert await place.refused(CARL, 2) == "reserved for somebody else"
        assert await place.accepted(BERT) == 2


async def test_unbound_ones_are_good_anywhere(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        await reserve(place, made(place, 1))
        assert statuses(place) == ["Available", "Available"]
        assert await reserve(place, made(place, 2)) == "Accepted"
        assert statuses(place) == ["Reserved", "Reserved"]
        assert await place.refused(CARL, 1) == "reserved for somebody else"
        assert await place.accepted(ANNA, 1) == 1
        await look_after(place.station)
        assert statuses(place) == ["Available", "Reserved"]


async def test_the_station_may_take_none(tmp_path: Path) -> None:
    """H01.FR.01, H01.FR.18, H01.FR.19."""
    async with forecourt(tmp_path, ReservationCtrlr__NonEvseSpecific="false") as place:
        assert await reserve(place, made(place)) == "Rejected"
        assert await reserve(place, made(place, evse=1)) == "Accepted"
        place.settings.set("ReservationCtrlr.Enabled", "false")
        assert await reserve(place, made(place, 2, evse=2)) == "Rejected"


async def test_one_is_cancelled_by_its_number(tmp_path: Path) -> None:
    """H02.FR.01, H02.FR.02."""
    async with forecourt(tmp_path) as place:
        told = told_by(place)
        await reserve(place, made(place, evse=1))
        assert not await place.station.reservations.cancel(7)
        assert await place.station.reservations.cancel(1)
        await look_after(place.station)
        assert (statuses(place), told) == (["Available", "Available"], [])


async def test_one_expires_even_while_the_station_is_off(tmp_path: Path) -> None:
    """H04.FR.01, H04.FR.02."""
    async with forecourt(tmp_path) as place:
        told = told_by(place)
        await reserve(place, made(place, 1, evse=1))
        await reserve(place, made(place, 2, evse=2))
        place.clock.advance(2.5)
        await place.station.reservations.used(2)
        await look_after(place.station)
        assert told == [ReservationEnded(reservation_id=1, why="Expired")]
        assert statuses(place) == ["Available", "Available"]
        await reserve(place, made(place, 3, evse=1))
    async with forecourt(tmp_path) as place:
        assert statuses(place) == ["Reserved", "Available"]
        told = told_by(place)
        place.clock.advance(6)
        await look_after(place.station)
        assert told == [ReservationEnded(reservation_id=3, why="Expired")]


async def test_one_is_lost_with_its_evse(tmp_path: Path) -> None:
    """H01.FR.16, H01.FR.17."""
    async with forecourt(tmp_path) as place:
        told = told_by(place)
        await reserve(place, made(place, 1, evse=1))
        await place.break_down(1)
        await look_after(place.station)
        assert told == [ReservationEnded(reservation_id=1, why="Removed")]
        assert await reserve(place, made(place, 2, evse=1)) == "Faulted"


async def test_one_that_was_being_used_when_the_power_went_is_used_up(tmp_path: Path) -> None:
    """The EVSE has stored its driver, the book has not yet dropped the reservation."""
    async with forecourt(tmp_path) as place:
        one = made(place, evse=1)
        await reserve(place, one)
        await place.accepted(ANNA, 1)
        await place.database.write(lambda opened: save(opened, one))  # the row as before the cut
    async with forecourt(tmp_path) as place:
        assert place.station.reservations.book == ()
        assert place.state(1).authorization is not None


async def test_what_cannot_be_told_is_not_forgotten(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        await reserve(place, made(place, evse=1))
        place.clock.advance(2.5)

        async def fail(_: ReservationEnded) -> None:
            raise StoreError("disk full")

        place.station.reservations.report_to(fail)
        await look_after(place.station)
        before = place.station.reservations.book
        told = told_by(place)
        await look_after(place.station)
        assert [len(before), len(told), len(place.station.reservations.book)] == [1, 1, 0]


async def test_what_cannot_be_stored_is_no_reservation(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        reservations = Reservations(Database(tmp_path / "agent.db"), place.settings, place.clock.now)
        with pytest.raises(StoreError):
            await reservations.reserve(place.station.evses, made(place, evse=1))
        assert reservations.book == ()


@pytest.mark.parametrize("followed", [False, True])
async def test_a_power_cut_after_one_was_stored_loses_nothing(tmp_path: Path, *, followed: bool) -> None:
    """H01.FR.03: whether or not the EVSE has followed; nor does one after it was cancelled."""
    async with forecourt(tmp_path) as place:
        reservations = place.station.reservations
        await reservations.reserve(place.station.evses, made(place, evse=2))
        assert await place.refused(CARL, 2) == "reserved for somebody else", "from the answer on"
        if followed:
            await reservations.follow(place.station.evses)
    async with forecourt(tmp_path) as place:
        assert statuses(place) == ["Available", "Reserved"]
        await place.station.reservations.cancel(1)
        if followed:
            await look_after(place.station)
    async with forecourt(tmp_path) as place:
        assert statuses(place) == ["Available", "Available"]


async def test_a_power_cut_before_one_that_ended_is_forgotten_tells_it_again(tmp_path: Path) -> None:
    """H04.FR.01: at least once."""
    async with forecourt(tmp_path) as place:
        one = made(place, evse=1)
        await reserve(place, one)
        first = told_by(place)
        place.clock.advance(2.5)
        await look_after(place.station)
        await place.database.write(lambda opened: save(opened, one))  # the row as before the cut
    async with forecourt(tmp_path) as place:
        second = told_by(place)
        place.clock.advance(2.5)
        await look_after(place.station)
        assert first == second == [ReservationEnded(reservation_id=1, why="Expired")]
        assert place.station.reservations.book == ()
