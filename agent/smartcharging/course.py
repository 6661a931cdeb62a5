"""What several charging profiles together say along the time: of each purpose the highest stack level that
speaks, of the purposes the lowest (K01.FR.21).

Moments are asked about in ascending order, and what a profile said is kept as long as it goes on to say so: a
stack of twenty is asked anew only where one of them changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from agent.smartcharging.cap import NO_CAP, Cap, Supply
from agent.smartcharging.profiles import WHOLE_STATION, Profile, Purpose
from agent.smartcharging.timeline import Reference, Said, said_by

STATION_WIDE: Final[tuple[Purpose, ...]] = ("ChargingStationExternalConstraints", "ChargingStationMaxProfile")
UNTIED: Final = Reference()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evse:
    """An EVSE and the transaction on it, as profiles see it."""

    id: int
    supply: Supply
    transaction_id: str | None = None
    reference: Reference = UNTIED


class Course:
    """The cap of one EVSE, moment after moment."""

    def __init__(self, profiles: Iterable[Profile], evse: Evse) -> None:
        here = [profile for profile in profiles if profile.evse_id in (evse.id, WHOLE_STATION)]
        reference = evse.reference
        self._supply = evse.supply
        # Every limit from outside counts, whoever else has set one: they are no stack.
        self._always = [
            Stack([one], reference) for one in here if one.purpose == "ChargingStationExternalConstraints"
        ]
        self._always.append(
            Stack([one for one in here if one.purpose == "ChargingStationMaxProfile"], reference)
        )
        self._of_transaction = Stack([one for one in here if _is_of_transaction(one, evse)], reference)
        self._default = Stack([one for one in here if one.purpose == "TxDefaultProfile"], reference)

    def says(self, at: datetime) -> tuple[Cap, datetime | None]:
        """Return the cap at a moment, none before the last one asked about, and when it may change."""
        cap, until = self._supply.cap, None
        for stack in self._always:
            said = stack.says(at)
            until = _sooner(until, said.until)
            if said.cap is not None:
                cap = cap.and_also(said.cap)
        said = self._of_transaction.says(at)
        until = _sooner(until, said.until)
        if said.cap is None:  # a TxProfile overrules the default as long as it says something
            said = self._default.says(at)
            until = _sooner(until, said.until)
        return cap.and_also(said.cap or NO_CAP), until

    @property
    def least_a(self) -> Decimal:
        """The least current (A per phase) with which charging is worth while (minChargingRate).

        It is that of the profile which led when `says` was asked last; 0 if that says none.
        """
        leader = self._of_transaction.leader or self._default.leader
        if leader is None or leader.schedule.lowest_rate is None:
            return Decimal(0)
        rate = leader.schedule.lowest_rate
        return rate if leader.schedule.unit == "A" else self._supply.current_of(rate)


class Stack:
    """Profiles of one purpose, the highest stack level first; an EVSE's own before the station's."""

    def __init__(self, profiles: Iterable[Profile], reference: Reference) -> None:
        ordered = sorted(profiles, key=lambda one: (-one.stack_level, one.evse_id == WHOLE_STATION, -one.id))
        self._followed = [_Followed(profile, reference) for profile in ordered]
        self._leader: Profile | None = None
        self._said: Said | None = None

    @property
    def leader(self) -> Profile | None:
        """The profile that spoke last."""
        return self._leader

    def says(self, at: datetime) -> Said:
        """Return what the highest level that says anything says.

        It may change when that one does, or when one above it begins.
        """
        said = self._said
        if said is not None and (said.until is None or at < said.until):
            return said
        self._said, self._leader = self._asked(at)
        return self._said

    def _asked(self, at: datetime) -> tuple[Said, Profile | None]:
        until: datetime | None = None
        for followed in self._followed:
            said = followed.says(at)
            until = _sooner(until, said.until)
            if said.cap is not None:
                return Said(said.cap, until), followed.profile
        return Said(None, until), None


class _Followed:
    """One profile, and what it said last."""

    __slots__ = ("_reference", "_said", "profile")

    def __init__(self, profile: Profile, reference: Reference) -> None:
        self.profile = profile
        self._reference = reference
        self._said: Said | None = None

    def says(self, at: datetime) -> Said:
        said = self._said
        if said is None or (said.until is not None and at >= said.until):
            self._said = said = said_by(self.profile, at, self._reference)
        return said


def _is_of_transaction(profile: Profile, evse: Evse) -> bool:
    if profile.purpose != "TxProfile" or evse.transaction_id is None:
        return False
    return profile.transaction_id == evse.transaction_id


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
