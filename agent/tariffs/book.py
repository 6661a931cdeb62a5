"""The book of default tariffs: which are installed at which EVSE, and which of them counts. Pure (I07, I10).

An EVSE has one tariff that counts and any number that begin to count later. The one whose time came last
counts; what it has replaced is gone (I07.FR.20 to I07.FR.23).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from msgspec.structs import replace

from agent.tariffs.tariff import Record, Tariff

MOST_TARIFFS: Final = 20
"""On a station."""


class Installed(Record, frozen=True, kw_only=True):
    """A default tariff where it is installed. Stored as JSON: add members with a default only."""

    tariff: Tariff
    evse_ids: tuple[int, ...]
    set_at: datetime

    @property
    def starts_at(self) -> datetime:
        """From when on it counts: from its own time, but not before it was set."""
        return max(self.set_at, self.tariff.valid_from or self.set_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a tariff is not taken: the answer's status, a reason code, and words."""

    status: Literal["Rejected", "TooManyElements", "ConditionNotSupported", "DuplicateTariffId"]
    reason: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What tariffs this station can work with."""

    most_elements: int
    with_conditions: bool


def problem_with(tariff: Tariff, abilities: Abilities) -> Refusal | None:
    """Return why this station cannot calculate with a tariff (I07.FR.02, I07.FR.03), None if it can."""
    if tariff.problem is not None:
        return Refusal(status="Rejected", reason="InvalidValue", why=tariff.problem)
    if tariff.most_elements > abilities.most_elements:
        why = f"at most {abilities.most_elements} prices for each kind of usage"
        return Refusal(status="TooManyElements", reason="TooManyElements", why=why)
    if tariff.has_conditions and not abilities.with_conditions:
        why = "prices here depend on nothing"
        return Refusal(status="ConditionNotSupported", reason="UnsupportedParam", why=why)
    return None


def with_default(
    book: Sequence[Installed], tariff: Tariff, evse_ids: Collection[int], now: datetime
) -> tuple[Installed, ...] | Refusal:
    """Return the book with one tariff more, installed at these EVSEs, or why not (I07.FR.04)."""
    if any(one.tariff.id == tariff.id for one in book):
        why = f"there is a tariff {tariff.id} already; another tariff has another id"
        return Refusal(status="DuplicateTariffId", reason="DuplicateTariffId", why=why)
    new = Installed(tariff=tariff, evse_ids=tuple(sorted(evse_ids)), set_at=now)
    replaced = [_without(one, new.evse_ids) if one.starts_at == new.starts_at else one for one in book]
    grown = current([*replaced, new], now)
    if len(grown) > MOST_TARIFFS:
        why = f"at most {MOST_TARIFFS} tariffs on the whole station"
        return Refusal(status="Rejected", reason="OutOfMemory", why=why)
    return grown


def current(book: Iterable[Installed], now: datetime) -> tuple[Installed, ...]:
    """Return the book without what another tariff has replaced by now."""
    book = tuple(book)
    counting = {
        evse_id: found.tariff.id
        for evse_id in {evse_id for one in book for evse_id in one.evse_ids}
        if (found := in_force(book, evse_id, now)) is not None
    }
    kept = []
    for one in book:
        over = {
            evse_id
            for evse_id in one.evse_ids
            if one.starts_at <= now and counting.get(evse_id) != one.tariff.id
        }
        kept.append(_without(one, over) if over else one)
    return tuple(one for one in kept if one.evse_ids)


def in_force(book: Iterable[Installed], evse_id: int, now: datetime) -> Installed | None:
    """Return the tariff that counts at an EVSE now (I07.FR.19)."""
    there = [one for one in book if evse_id in one.evse_ids and one.starts_at <= now]
    return max(there, key=lambda one: (one.starts_at, one.set_at), default=None)


def cleared(
    book: Sequence[Installed], ids: Collection[str] | None, evse_id: int | None
) -> tuple[tuple[Installed, ...], tuple[str, ...]]:
    """Return the book without these tariffs, at one EVSE or everywhere, and the ids of those that went."""
    gone = [
        one
        for one in book
        if (ids is None or one.tariff.id in ids) and (evse_id is None or evse_id in one.evse_ids)
    ]
    left = (
        one if one not in gone else _without(one, one.evse_ids if evse_id is None else (evse_id,))
        for one in book
    )
    return tuple(one for one in left if one.evse_ids), tuple(one.tariff.id for one in gone)


def _without(one: Installed, evse_ids: Collection[int]) -> Installed:
    return replace(one, evse_ids=tuple(number for number in one.evse_ids if number not in evse_ids))
