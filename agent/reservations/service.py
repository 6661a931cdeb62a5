"""Keeps the book of reservations: stored before it is answered, told when one ends, followed by the EVSEs."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from agent.reservations.book import Answer, Bay, Reservation, answer, expired, kept, lost, usable_by
from agent.station.events import ReservationChanged
from agent.station.evse import Phase
from agent.station.service import EvseService
from agent.store import reservations as stored
from agent.store.database import Database, StoreError
from agent.system.concerning import concerning
from agent.transactions.records import Token
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationEnded:
    """A reservation ended without being used or cancelled; waits on flash until the backend has it."""

    reservation_id: int
    why: Literal["Expired", "Removed"]


Tell = Callable[[ReservationEnded], Awaitable[None]]


async def _tell_nobody(_: ReservationEnded) -> None:
    """A station without a backend has no reservations but those of former times."""


class Reservations:
    """Who has reserved what. A reservation ends when it is used, replaced, cancelled, expired or lost."""

    def __init__(self, database: Database, settings: DeviceModel, now: Callable[[], datetime]) -> None:
        self._database = database
        self._settings = settings
        self._now = now
        self._book: tuple[Reservation, ...] = ()
        self._tell: Tell = _tell_nobody

    def report_to(self, tell: Tell) -> None:
        """Say who is told of reservations that end by themselves."""
        self._tell = tell

    @property
    def book(self) -> tuple[Reservation, ...]:
        """The reservations there are."""
        return self._book

    async def restore(self, evses: Mapping[int, EvseService]) -> None:
        """Take over what is stored. One that was being used when the power went is used up.

        Raises:
            StoreError: If it cannot be read or written.
        """
        self._book = await self._database.read(stored.load)
        used = {
            service.state.authorization.reservation_id
            for service in evses.values()
            if service.state.authorization is not None
        }
        await self._forget([one for one in self._book if one.id in used])

    async def reserve(self, evses: Mapping[int, EvseService], new: Reservation) -> Answer:
        """Make a reservation, or replace the one of its number; when accepted it survives a power cut (H01).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        if not self._accepts(new):
            return "Rejected"
        new = replace(new, made_at=self._now())
        verdict = answer(self._book, new, bays_of(evses), self._now())
        if verdict == "Accepted":
            await self._database.write(lambda opened: stored.save(opened, new))
            self._book = (*(one for one in self._book if one.id != new.id), new)
            log.info("reservation %d until %s: %s", new.id, new.expires_at, new.evse_id or "any EVSE")
        return verdict

    async def cancel(self, reservation_id: int) -> bool:
        """Drop a reservation; False if there is none of this number (H02).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        found = [one for one in self._book if one.id == reservation_id]
        await self._forget(found)
        return bool(found)

    def usable_by(self, service: EvseService, token: Token, group_id: str | None) -> int | None:
        """Return the number of the reservation with which this driver may use this EVSE."""
        found = usable_by(self._book, bay_of(service), token, group_id)
        return None if found is None else found.id

    def made_at(self, reservation_id: int | None) -> datetime | None:
        """Return since when there is a reservation of this number."""
        return next((one.made_at for one in self._book if one.id == reservation_id), None)

    def keeps(self, service: EvseService, evses: Mapping[int, EvseService]) -> bool:
        """Return whether an EVSE is for somebody with a reservation, even if it has not followed yet."""
        return service.identity.evse_id in kept(self._book, bays_of(evses))

    def groups_at(self, service: EvseService) -> tuple[str, ...]:
        """Return the groups that an EVSE may be kept for."""
        here = (None, service.identity.evse_id)
        return tuple(one.group_id for one in self._book if one.group_id and one.evse_id in here)

    def evse_of(self, token: Token, group_id: str | None) -> int | None:
        """Return the EVSE that this driver has reserved, if it is a certain one."""
        mine = [one for one in self._book if one.evse_id is not None and one.is_for(token, group_id)]
        return min(mine, key=lambda one: (one.expires_at, one.id)).evse_id if mine else None

    async def used(self, reservation_id: int | None) -> None:
        """Drop a reservation that a driver has used (H03): the EVSE's state tells it already.

        A write that fails is made up for at the next start.
        """
        found = [one for one in self._book if one.id == reservation_id]
        try:
            await self._forget(found)
        except StoreError as error:
            log.error("reservation %s is used up: %s", reservation_id, error)
            self._book = tuple(one for one in self._book if one not in found)

    async def review(self, evses: Mapping[int, EvseService]) -> None:
        """End what has expired or can no longer be kept, and let the EVSEs follow the book."""
        try:
            await self._end(expired(self._book, self._now()), "Expired")
            await self._end(lost(self._book, bays_of(evses)), "Removed")
        except StoreError as error:
            log.error("reservations: %s", error)
        await self.follow(evses)

    async def follow(self, evses: Mapping[int, EvseService]) -> None:
        """Let every EVSE be reserved or not, as the book says."""
        reserved = kept(self._book, bays_of(evses))
        for evse_id, service in evses.items():
            if service.state.is_reserved == (evse_id in reserved):
                continue
            with concerning(evse=evse_id):
                try:
                    await service.apply(ReservationChanged(at=self._now(), is_reserved=evse_id in reserved))
                except StoreError as error:
                    log.error("EVSE %d: %s", evse_id, error)

    def _accepts(self, new: Reservation) -> bool:
        """Whether the station takes such reservations at all (H01.FR.01, H01.FR.18, H01.FR.19)."""
        is_on = self._settings.flag("ReservationCtrlr.Enabled")
        return is_on and (new.evse_id is not None or self._settings.flag("ReservationCtrlr.NonEvseSpecific"))

    async def _end(self, over: list[Reservation], why: Literal["Expired", "Removed"]) -> None:
        """Tell, then forget: a power cut in between tells it once more, never not at all."""
        for one in over:
            log.info("reservation %d: %s", one.id, why)
            await self._tell(ReservationEnded(reservation_id=one.id, why=why))
            await self._forget([one])

    async def _forget(self, over: list[Reservation]) -> None:
        if not over:
            return
        await self._database.write(lambda opened: stored.forget(opened, [one.id for one in over]))
        self._book = tuple(one for one in self._book if one not in over)


def bays_of(evses: Mapping[int, EvseService]) -> tuple[Bay, ...]:
    """Return the EVSEs as the book sees them."""
    return tuple(bay_of(service) for service in evses.values())


def bay_of(service: EvseService) -> Bay:
    """Return an EVSE as the book sees it."""
    state = service.state
    return Bay(
        evse_id=service.identity.evse_id,
        connector_type=service.identity.connector_type,
        is_free=state.phase is Phase.IDLE and not state.is_in_use and state.kept_for is None,
        is_faulted=state.fault is not None,
        is_closed=state.is_closed,
    )
