"""What several charging profiles together say along the time: of each purpose the highest stack level that
speaks, of the purposes the lowest (K01.FR.21); on top of that comes what is generated on the spot (K27).

Moments are asked about in ascending order, and what a profile said is kept as long as it goes on to say so: a
stack of twenty is asked anew only where one of them changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from agent.smartcharging.cap import NO_CAP, Cap, Supply
from agent.smartcharging.delays import delayed
from agent.smartcharging.profiles import WHOLE_STATION, Profile, Purpose
from agent.smartcharging.timeline import Reference, Said, said_by

STATION_WIDE: Final[tuple[Purpose, ...]] = (
    "ChargingStationExternalConstraints",
    "ChargingStationMaxProfile",
    "LocalGeneration",
)
WHOLE: Final = Decimal(1)
UNTIED: Final = Reference()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evse:
    """An EVSE and the transaction on it, as profiles see it.

    `has_priority`: a PriorityCharging profile overrules the transaction's other ones (K21). `share`: how much
    of what is generated for the whole station this EVSE may count on, so that no two count on the same.
    `plan`: what its vehicle said that it will draw, where that is to count (K15.FR.14).
    """

    id: int
    supply: Supply
    transaction_id: str | None = None
    reference: Reference = UNTIED
    has_priority: bool = False
    share: Decimal = WHOLE
    plan: Profile | None = None


class Course:
    """The cap of one EVSE, moment after moment."""

    def __init__(self, profiles: Iterable[Profile], evse: Evse) -> None:
        here = [profile for profile in profiles if profile.evse_id in (evse.id, WHOLE_STATION)]
        reference = evse.reference

        def of(purpose: Purpose) -> list[Profile]:
            return [one for one in here if one.purpose == purpose]

        self._supply = evse.supply
        # Every limit from outside counts, whoever else has set one: they are no stack.
        self._always = [Stack([one], reference) for one in of("ChargingStationExternalConstraints")]
        self._always.append(Stack(of("ChargingStationMaxProfile"), reference))
        # A default for the station is one for each EVSE, and none for all of them together (K01.FR.14).
        defaults = [] if evse.id == WHOLE_STATION else of("TxDefaultProfile")
        # Of these only the first that says something counts: a TxProfile overrules the default.
        self._own = (
            Stack(of("PriorityCharging") if evse.has_priority else [], reference),
            Stack([varied(one, evse) for one in of("TxProfile") if _is_of_transaction(one, evse)], reference),
            Stack([varied(one, evse) for one in defaults], reference),
        )
        self._generation = [
            (Stack([one], reference), evse.share if one.evse_id == WHOLE_STATION else WHOLE)
            for one in of("LocalGeneration")
        ]
        self._plan = Stack([] if evse.plan is None else [evse.plan], reference)
        self._leader: Profile | None = None

    def says(self, at: datetime) -> tuple[Cap, datetime | None]:
        """Return the cap at a moment, none before the last one asked about, and when it may change."""
        cap, until = NO_CAP, None
        for stack in self._always:
            said = stack.says(at)
            until = _sooner(until, said.until)
            cap = cap.and_also(said.cap or NO_CAP)
        self._leader = None
        for stack in self._own:
            said = stack.says(at)
            until = _sooner(until, said.until)
            if said.cap is not None:
                cap, self._leader = cap.and_also(said.cap), stack.leader
                break
        for stack, share in self._generation:
            said = stack.says(at)
            until = _sooner(until, said.until)
            if said.cap is not None:
                cap = cap.plus(said.cap, self._supply, share)
        said = self._plan.says(at)  # last: no generation makes a vehicle draw more than it said
        until = _sooner(until, said.until)
        return self._supply.cap.and_also(cap).and_also(said.cap or NO_CAP), until

    @property
    def least_a(self) -> Decimal:
        """The least current (A per phase) with which charging is worth while (minChargingRate).

        It is that of the profile which led when `says` was asked last; 0 if that says none.
        """
        leader = self._leader
        if leader is None or leader.schedule.lowest_rate is None:
            return Decimal(0)
        rate = leader.schedule.lowest_rate
        return rate if leader.schedule.unit == "A" else self._supply.current_of(rate)


def varied(profile: Profile, evse: Evse) -> Profile:
    """Return a profile as it is for the transaction that runs: each has delays of its own (K01.FR.93)."""
    if evse.transaction_id is None or not profile.schedule.delay_s:
        return profile
    seed = f"{evse.transaction_id}/{profile.id}/{profile.schedule.id}"
    return replace(profile, schedules=(delayed(profile.schedule, seed), *profile.schedules[1:]))


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
    return evse.transaction_id is not None and profile.transaction_id == evse.transaction_id


def _sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
