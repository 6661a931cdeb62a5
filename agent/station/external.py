"""Limits from outside as they come and go: obeyed at once, kept, and told to the backend (K11 to K13).

Who brings them - a command, a bus, a building's energy management - only calls `set` and `clear`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, Protocol, get_args

from agent.smartcharging.dynamic import is_delegated, with_limit
from agent.smartcharging.external import (
    PURPOSE,
    LimitCleared,
    LimitSet,
    OutsideLimit,
    OutsideSource,
    changes_significantly,
    from_outside,
    is_significant,
    place,
    profile_id,
    profile_of,
    says_the_same,
)
from agent.smartcharging.profiles import Profile
from agent.station.limits import Limits
from agent.store.database import StoreError
from agent.system.clock import StationClock
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

CHECK_EVERY_S: Final = 1.0
ENABLED: Final = "SmartChargingCtrlr.ExternalControlSignalsEnabled"
WITH_SCHEDULES: Final = "SmartChargingCtrlr.NotifyChargingLimitWithSchedules"
DISALLOWED: Final = "SmartChargingCtrlr.ExternalConstraintsProfileDisallowed"
SIGNIFICANCE: Final = "SmartChargingCtrlr.LimitChangeSignificance"


class Teller(Protocol):
    """Keeps what the backend is to be told."""

    async def add(self, record: object) -> None:
        """Keep a record until it is told."""


class Refused(Exception):
    """The limit cannot be set; says why."""


class ExternalLimits:
    """Sets, ends and tells limits that are not the backend's."""

    def __init__(self, limits: Limits, settings: DeviceModel, clock: StationClock) -> None:
        self._limits = limits
        self._settings = settings
        self._clock = clock
        self._critical: dict[int, bool | None] = {}
        self._teller: Teller | None = None

    def tell(self, teller: Teller) -> None:
        """Say who is told; without anybody, limits are only obeyed."""
        self._teller = teller

    @property
    def in_force(self) -> Mapping[int, Profile]:
        """The limits from outside, as profiles by their id."""
        return {profile.id: profile for profile in from_outside(self._limits.profiles)}

    async def set(self, limit: OutsideLimit) -> None:
        """Obey a limit from now on, in the place of the same source's last one; tell it if it matters.

        Where the backend has left the limit of a profile of its own to others, it is that profile's (K29).

        Raises:
            Refused: If there is no such EVSE, or limits from outside are not wanted.
            StoreError: If it could not be made durable; nothing has changed.
        """
        if not self._settings.flag(ENABLED):
            raise Refused(f"{ENABLED} is false")
        now = self._clock.now()
        if (delegated := self._delegated(limit)) is not None:
            await self._fill(delegated, limit)
            return
        if self._settings.flag(DISALLOWED) and not limit.is_generation:
            raise Refused(f"{DISALLOWED} is true, and the backend has left no limit to others here")
        profile = profile_of(limit, now)
        problem = self._limits.problem_with_external(profile)
        if problem is not None:
            raise Refused(problem.why)
        before = self.in_force.get(profile.id)
        if before is not None and says_the_same(before, profile, now):
            # Repeated every few seconds by who wants it to end when he falls silent: no wear of the flash.
            self._limits.prolong(replace(before, valid_to=profile.valid_to))
            return
        view = self._limits.view(profile.evse_id)
        percent = Decimal(self._settings.text(SIGNIFICANCE))
        is_worth_telling = changes_significantly(before, profile, view, now, percent)
        await self._limits.impose(profile)
        self._critical[profile.id] = limit.is_grid_critical
        if is_worth_telling:
            await self._tell_of(profile)

    async def clear(self, source: OutsideSource, evse_id: int, *, is_generation: bool = False) -> bool:
        """Stop obeying a source's limit at a place, and tell it; return whether there was one (K13).

        Raises:
            StoreError: If it could not be made durable.
        """
        profile = self.in_force.get(profile_id(source, evse_id, is_generation=is_generation))
        if profile is None:
            return False
        await self._end(profile)
        return True

    async def tell_again(self) -> None:
        """Tell of everything that is in force."""
        for profile in self.in_force.values():
            await self._kept(self._tell_of(profile))

    async def run(self) -> None:
        """End limits whose time has come, until cancelled.

        What was in force before a restart is told again first: the power may have gone before it was.
        """
        await self.tell_again()
        while True:
            now, is_wanted = self._clock.now(), self._settings.flag(ENABLED)
            for profile in self.in_force.values():
                is_allowed = profile.purpose != PURPOSE or not self._settings.flag(DISALLOWED)
                if not (is_wanted and is_allowed) or (
                    profile.valid_to is not None and profile.valid_to <= now
                ):
                    await self._kept(self._end(profile))
            await asyncio.sleep(CHECK_EVERY_S)

    async def _end(self, profile: Profile) -> None:
        await self._limits.release([profile.id])
        self._critical.pop(profile.id, None)
        if self._teller is not None:
            is_generation = profile.purpose != PURPOSE
            await self._teller.add(
                LimitCleared(source=_outside(profile), evse_id=place(profile), is_generation=is_generation)
            )

    def _delegated(self, limit: OutsideLimit) -> Profile | None:
        """Return the backend's profile at the limit's place whose limit is for others to give."""
        if limit.is_generation:
            return None
        transactions = {self._limits.view(number).transaction_id for number in self._limits.evse_ids}
        return next(
            (
                one
                for one in self._limits.profiles
                if is_delegated(one)
                and one.evse_id == limit.evse_id
                and (one.purpose != "TxProfile" or one.transaction_id in transactions)
            ),
            None,
        )

    async def _fill(self, profile: Profile, limit: OutsideLimit) -> None:
        """Let the backend's profile have the limit (K29.FR.03), and tell it if it matters."""
        before, now = profile.schedule.periods[0].limit, self._clock.now()
        if len(limit.periods) != 1 or limit.unit != profile.schedule.unit:
            what = f"one limit in {profile.schedule.unit}"
            raise Refused(f"profile {profile.id} of the backend takes {what}, no schedule")
        value = limit.periods[0].limit
        if value is None or not value.is_finite() or value < 0:
            raise Refused("a limit is 0 or more")
        after = with_limit(profile, value, now)
        await self._limits.renew(after)
        percent = Decimal(self._settings.text(SIGNIFICANCE))
        if before is None or is_significant(before, value, percent):
            await self._tell_of(replace(after, source=limit.source))

    async def _tell_of(self, profile: Profile) -> None:
        if self._teller is None:
            return
        with_schedules = self._settings.flag(WITH_SCHEDULES)
        await self._teller.add(
            LimitSet(
                source=_outside(profile),
                evse_id=place(profile),
                is_grid_critical=self._critical.get(profile.id),
                schedules=profile.schedules if with_schedules else (),
                is_generation=profile.purpose == "LocalGeneration",
            )
        )

    async def _kept(self, work: Awaitable[None]) -> None:
        try:
            await work
        except StoreError as error:
            log.error("a limit from outside: %s", error)


def _outside(profile: Profile) -> OutsideSource:
    """Return the source of a limit from outside (K11.FR.05, K12.FR.04: never the backend)."""
    return next(source for source in get_args(OutsideSource) if source == profile.source)
