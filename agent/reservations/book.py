"""The book of reservations: pure rules of block H.

A reservation is of one EVSE, or of any that fits (unbound). Unbound ones stay so until they are used: what
counts is that each of them can still have an EVSE of its own, so an EVSE that they cannot spare is reserved,
too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.transactions.records import Token

Answer = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """An EVSE, or any with this type of connector, for one driver or a group.

    Stored as JSON: add members with a default only.
    """

    id: int
    token: Token
    expires_at: datetime
    group_id: str | None = None
    evse_id: int | None = None
    connector_type: str | None = None
    made_at: datetime | None = None

    def is_for(self, token: Token, group_id: str | None) -> bool:
        """Return whether this driver may use it: by token or by group (H03.FR.03, H03.FR.04)."""
        if self.token.is_same_as(token):
            return True
        if self.group_id is None or group_id is None:
            return False
        return self.group_id.casefold() == group_id.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bay:
    """What matters of an EVSE here. `is_free`: nobody is there, not even with a cable."""

    evse_id: int
    connector_type: str
    is_free: bool = True
    is_faulted: bool = False
    is_closed: bool = False

    @property
    def works(self) -> bool:
        """Whether somebody could charge here, now or once it is free."""
        return not (self.is_faulted or self.is_closed)

    def fits(self, reservation: Reservation) -> bool:
        """Return whether this EVSE is what was reserved."""
        return reservation.evse_id in (None, self.evse_id) and (
            reservation.connector_type in (None, self.connector_type)
        )


def answer(book: Sequence[Reservation], new: Reservation, bays: Sequence[Bay], now: datetime) -> Answer:
    """Return what comes of a new reservation, which replaces one of the same number (H01.FR.02)."""
    fitting = [bay for bay in bays if bay.fits(new)]
    if new.expires_at <= now or not fitting:
        return "Rejected"
    others = [one for one in book if one.id != new.id]
    if _has_room(others, new, bays):
        return "Accepted"
    if all(bay.is_faulted for bay in fitting):
        return "Faulted"
    return "Occupied" if any(bay.works for bay in fitting) else "Unavailable"


def kept(book: Sequence[Reservation], bays: Sequence[Bay]) -> frozenset[int]:
    """Return the EVSEs that only somebody with a reservation may use (H01.FR.20, H01.FR.24).

    An EVSE with a reservation of its own, and every one that unbound reservations cannot spare.
    """
    bound, unbound = _bound(book), _unbound(book)
    spare = _spare(bays, bound)
    return frozenset(bay.evse_id for bay in bays if bay.evse_id in bound or _is_needed(bay, unbound, spare))


def usable_by(
    book: Sequence[Reservation], bay: Bay, token: Token, group_id: str | None
) -> Reservation | None:
    """Return the reservation with which this driver may use this EVSE: its own rather than an unbound one.

    An unbound one is not good for an EVSE that is somebody else's.
    """
    mine = [one for one in book if bay.fits(one) and one.is_for(token, group_id)]
    is_taken = bay.evse_id in _bound(one for one in book if one not in mine)
    fitting = [one for one in mine if one.evse_id is not None or not is_taken]
    return min(fitting, key=lambda one: (one.evse_id is None, one.expires_at, one.id), default=None)


def lost(book: Sequence[Reservation], bays: Sequence[Bay]) -> list[Reservation]:
    """Return the reservations that can no longer be kept: out of order or service (H01.FR.16, H01.FR.17).

    An EVSE that is merely occupied will be free again. Of unbound ones those with the highest numbers go.
    """
    working = {bay.evse_id for bay in bays if bay.works}
    bound = _bound(book)
    for_unbound = [bay for bay in bays if bay.works and bay.evse_id not in bound]
    gone = [one for one in book if one.evse_id is not None and one.evse_id not in working]
    held: list[Reservation] = []
    for one in sorted(_unbound(book), key=lambda one: one.id):
        if _served([*held, one], for_unbound) > len(held):
            held.append(one)
        else:
            gone.append(one)
    return gone


def expired(book: Iterable[Reservation], now: datetime) -> list[Reservation]:
    """Return the reservations whose time is over (H04.FR.01)."""
    return [one for one in book if one.expires_at <= now]


def _has_room(others: Sequence[Reservation], new: Reservation, bays: Sequence[Bay]) -> bool:
    """Return whether a reservation can be had without taking what others have reserved."""
    bound, unbound = _bound(others), _unbound(others)
    spare = _spare(bays, bound)
    if new.evse_id is None:
        return _served([*unbound, new], spare) > _served(unbound, spare)
    return any(bay.fits(new) and not _is_needed(bay, unbound, spare) for bay in spare)


def _bound(book: Iterable[Reservation]) -> frozenset[int]:
    """Return the EVSEs that have a reservation of their own."""
    return frozenset(one.evse_id for one in book if one.evse_id is not None)


def _unbound(book: Iterable[Reservation]) -> list[Reservation]:
    return [one for one in book if one.evse_id is None]


def _spare(bays: Iterable[Bay], bound: frozenset[int]) -> list[Bay]:
    """Return the EVSEs that unbound reservations can be used at now."""
    return [bay for bay in bays if bay.is_free and bay.works and bay.evse_id not in bound]


def _is_needed(bay: Bay, unbound: Sequence[Reservation], spare: Sequence[Bay]) -> bool:
    """Return whether fewer unbound reservations can be used if somebody else takes this EVSE."""
    without = [one for one in spare if one.evse_id != bay.evse_id]
    return _served(unbound, [*without, bay]) > _served(unbound, without)


def _served(wishes: Sequence[Reservation], bays: Sequence[Bay]) -> int:
    """Return how many reservations can have an EVSE of their own at the same time (augmenting paths)."""
    taken: dict[int, Reservation] = {}

    def place(wish: Reservation, tried: set[int]) -> bool:
        for bay in bays:
            if not bay.fits(wish) or bay.evse_id in tried:
                continue
            tried.add(bay.evse_id)
            if bay.evse_id not in taken or place(taken[bay.evse_id], tried):
                taken[bay.evse_id] = wish
                return True
        return False

    return sum(place(wish, set()) for wish in wishes)
