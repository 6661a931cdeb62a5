"""The charging profiles of this station and what they let each EVSE draw, kept up to date (block K)."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Final, Protocol

from agent.smartcharging.cap import Supply
from agent.smartcharging.composite import CompositePeriod, cap_at, composite, composite_of_station
from agent.smartcharging.course import Course, Evse
from agent.smartcharging.dynamic import Update, updated
from agent.smartcharging.external import PURPOSES
from agent.smartcharging.matching import Criteria, clearable
from agent.smartcharging.problems import Problem
from agent.smartcharging.profiles import WHOLE_STATION, Profile, RateUnit
from agent.smartcharging.sharing import LOWEST_A, Claim, share
from agent.smartcharging.timeline import Reference
from agent.smartcharging.validity import Rules, problem_with, problem_with_external
from agent.station.absence import Absence
from agent.station.log_lines import named
from agent.station.plans import Plans
from agent.store import charging_profiles
from agent.store.database import Database, StoreError
from agent.system.clock import StationClock
from agent.system.zone import system_zone
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

UPDATE_EVERY_S: Final = 1.0
MARGIN_A: Final = Decimal(3)
"""How much more than a vehicle draws is kept for it where EVSEs share: it may want more again."""
PHASES: Final = (1, 2, 3)
UNKNOWN: Final = ""
"""The id of a transaction that has not begun."""


class Limited(Protocol):
    """An EVSE as its limits see it."""

    @property
    def transaction_id(self) -> str | None:
        """The transaction that runs here."""

    @property
    def charging_since(self) -> datetime | None:
        """When the transaction's vehicle could first have drawn energy; None if it could not yet."""

    @property
    def has_driver(self) -> bool:
        """Whether a driver is authorized here."""

    @property
    def could_charge(self) -> bool:
        """Whether energy would be offered here if the limit allowed it."""

    @property
    def unconfirmed_a(self) -> int:
        """What may be drawn here although nothing is wanted (A per phase): its controller does not answer."""

    @property
    def drawn_a(self) -> Decimal | None:
        """The highest current of a phase that a settled vehicle draws; None if that is not known."""

    @property
    def soc(self) -> int | None:
        """The charge of the vehicle's battery in percent; None if it is not known."""

    @property
    def limit_a(self) -> int:
        """The limit it was told last."""

    @property
    def switches_phases(self) -> bool:
        """Whether it can put its vehicle on one phase."""

    def reckon_phases(self, allowed: int) -> int:
        """Take note that so many phases may be used, and return for how many a power is to be reckoned."""

    async def limit(self, limit_a: int) -> None:
        """Let the vehicle draw at most so much per phase from now on; 0 is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What the station can carry: each EVSE, and the supply that all share."""

    evses: Mapping[int, Supply]
    grid: Supply


class Limits:
    """Installs and clears profiles, and tells every EVSE what it may draw."""

    def __init__(
        self,
        wiring: Wiring,
        database: Database,
        settings: DeviceModel,
        clock: StationClock,
    ) -> None:
        self._wiring = wiring
        self._database = database
        self._settings = settings
        self._clock = clock
        self._profiles: dict[int, Profile] = {}
        self._evses: Mapping[int, Limited] = {}
        self._changed = asyncio.Event()
        self._absence = Absence(clock)
        self._zone: tzinfo = system_zone() or UTC
        self.plans = Plans()
        self.negotiating: frozenset[int] = frozenset()
        """The EVSEs whose vehicles have told what they need."""
        self.prioritised: frozenset[str] = frozenset()
        """The transactions whose other profiles a PriorityCharging profile overrules (K21)."""
        self.on_install: Callable[[Profile], None] = lambda _: None

    def attach(self, evses: Mapping[int, Limited]) -> None:
        """Say whom the limits are for; before anything else is asked."""
        self._evses = evses

    async def restore(self) -> None:
        """Take over the profiles that were installed before the agent stopped, and apply them.

        Raises:
            StoreError: If they cannot be read.
        """
        stored = await self._database.read(charging_profiles.load)
        self._profiles = {profile.id: profile for profile in stored}
        await self._apply()

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """All profiles, by id."""
        return tuple(self._profiles[number] for number in sorted(self._profiles))

    @property
    def least_phases(self) -> Mapping[int, int]:
        """On how few phases each EVSE can put a vehicle."""
        return {
            number: 1 if self._evses[number].switches_phases else supply.phases
            for number, supply in self._wiring.evses.items()
        }

    def problem_with(self, profile: Profile) -> Problem | None:
        """Return why a profile cannot be installed, or None."""
        return problem_with(profile, self.profiles, self._rules(), self._clock.now())

    async def install(self, profile: Profile) -> Problem | None:
        """Install a profile in the place of the one with its id (K01.FR.05); return why not, or None.

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        problem = self.problem_with(profile)
        if problem is None:
            await self._keep(self._dated(profile))
        return problem

    def problem_with_next(self, profile: Profile) -> Problem | None:
        """Return why a profile cannot be for the transaction that a remote start begins (K05), or None."""
        if profile.purpose != "TxProfile" or profile.transaction_id is not None:
            return Problem(reason="InvalidProfile", why="a remote start takes a TxProfile of no transaction")
        rules = self._rules()
        rules.transactions[profile.evse_id] = UNKNOWN
        return problem_with(replace(profile, transaction_id=UNKNOWN), self.profiles, rules, self._clock.now())

    async def install_for_next(self, profile: Profile) -> None:
        """Install a profile for the transaction that the driver of its EVSE has begun, or is about to (K05).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        running = self._evses[profile.evse_id].transaction_id
        await self._keep(self._dated(replace(profile, transaction_id=running)))

    async def update(self, profile_id: int, update: Update) -> Problem | None:
        """Give a Dynamic profile another limit (K28.FR.06, K28.FR.08); return why not, or None.

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        before = self._profiles.get(profile_id)
        after = updated(before, update, self._clock.now())
        if isinstance(after, Problem):
            return after
        await self.renew(after)
        return None

    async def renew(self, profile: Profile) -> None:
        """Let a profile say something else than before. A mere repetition is not written to the flash.

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        if profile.schedules != self._profiles[profile.id].schedules:
            await self._database.write(lambda opened: charging_profiles.save(opened, profile))
        self.prolong(profile)

    def backend_lost(self) -> None:
        """Take note that the backend is away: some profiles hold only so long without it."""
        self._absence.begin()
        self._changed.set()

    def backend_found(self) -> None:
        """Take note that the backend is there."""
        self._absence.end(self.profiles)
        self._changed.set()

    def review(self) -> None:
        """Look again, soon, at what every EVSE may draw: something that profiles go by has changed."""
        self._changed.set()

    def problem_with_external(self, profile: Profile) -> Problem | None:
        """Return why a limit from outside cannot be set, or None."""
        return problem_with_external(profile, self._rules(), self._clock.now())

    async def impose(self, profile: Profile) -> None:
        """Install what stands for a limit from outside.

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        await self._keep(profile)

    def prolong(self, profile: Profile) -> None:
        """Let a profile end at another time than before; not durable."""
        self._profiles[profile.id] = profile
        self._changed.set()

    async def release(self, ids: Collection[int]) -> None:
        """Forget limits from outside.

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        await self._forget(ids)

    def _dated(self, profile: Profile) -> Profile:
        """Return a profile that begins now; that is when the limit of a Dynamic one was given (K28.FR.05)."""
        return replace(profile, updated_at=self._clock.now()) if profile.kind == "Dynamic" else profile

    async def _keep(self, profile: Profile) -> None:
        await self._database.write(lambda opened: charging_profiles.save(opened, profile))
        self._profiles[profile.id] = profile
        self._changed.set()
        self.on_install(profile)
        log.info("in force: %s, %s, level %d", named(profile), profile.purpose, profile.stack_level)

    async def clear(self, criteria: Criteria) -> int:
        """Clear what the backend means; return how many profiles that were (K10).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        return await self._forget([profile.id for profile in clearable(self._living, criteria)])

    def find(self, criteria: Criteria) -> list[Profile]:
        """Return the profiles that are meant (K09)."""
        return [profile for profile in self._living if profile in criteria]

    @property
    def _living(self) -> list[Profile]:
        """The profiles without those of transactions that have ended (K02.FR.05)."""
        return [profile for profile in self.profiles if not self._waits_in_vain(profile)]

    def composite(self, evse_id: int, duration_s: int, unit: RateUnit) -> tuple[CompositePeriod, ...]:
        """Return what an EVSE, or with 0 the station, is going to draw at most from now on (K08).

        That is what the limits come to, or less where a vehicle plans with less (K15.FR.14).
        """
        now = self._clock.now()
        self.plans.follow(self._transactions)
        if evse_id != WHOLE_STATION:
            return composite(self.profiles, self._planned(evse_id), now, duration_s, unit)
        views = [self._planned(number) for number in self._evses]
        return composite_of_station(self.profiles, views, self._wiring.grid, now, duration_s, unit)

    @property
    def evse_ids(self) -> frozenset[int]:
        """The EVSEs that can be limited."""
        return frozenset(self._evses)

    async def run(self) -> None:
        """Keep limits up to date until cancelled."""
        while True:
            self._changed.clear()
            try:
                await self._tidy()
                await self._apply()
            except StoreError as error:
                log.error("limits are not up to date: %s", error)
            try:
                async with asyncio.timeout(UPDATE_EVERY_S):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def _apply(self) -> None:
        """Tell every EVSE its limit; who has to give way is told before anybody gets more."""
        limits_a = self._limits_now()
        for evse_id in sorted(limits_a, key=lambda number: limits_a[number] - self._evses[number].limit_a):
            await self._evses[evse_id].limit(limits_a[evse_id])

    def _limits_now(self) -> dict[int, int]:
        now = self._clock.now()
        own_a, least_a = self._own_a(now)
        lost_a = {number: evse.unconfirmed_a for number, evse in self._evses.items() if not evse.could_charge}
        grid_a = max(Decimal(0), self._grid_a(now) - sum(lost_a.values()))
        claims = [
            self._claim(number, own_a[number], least_a[number])
            for number, evse in self._evses.items()
            if evse.could_charge
        ]
        limits_a = share(claims, dict.fromkeys(PHASES, grid_a))
        free_a = grid_a - sum(limits_a.values(), Decimal(0))
        for number in sorted(set(own_a) - set(limits_a)):  # who begins now may take what nobody has
            most_a = min(own_a[number], free_a + lost_a[number])
            limits_a[number] = most_a if most_a >= LOWEST_A else Decimal(0)
            free_a -= max(Decimal(0), limits_a[number] - lost_a[number])
        return {number: int(limit_a) for number, limit_a in limits_a.items()}

    def _own_a(self, now: datetime) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
        """Return what each EVSE may draw if it were alone, and the least that is worth its while."""
        most_a, least_a = {}, {}
        for evse_id in self._evses:
            view = self.view(evse_id)
            course = Course(self.profiles, view)
            cap = course.says(now)[0]
            phases = self._evses[evse_id].reckon_phases(cap.phases_on(view.supply))
            most_a[evse_id] = cap.current_on(view.supply, min(phases, view.supply.phases))
            least_a[evse_id] = course.least_a
        return most_a, least_a

    def _grid_a(self, now: datetime) -> Decimal:
        grid = self.view(WHOLE_STATION)
        return cap_at(self.profiles, grid, now).current_on(grid.supply)

    def _claim(self, evse_id: int, most_a: Decimal, least_a: Decimal) -> Claim:
        """Return what an EVSE asks of the supply; it counts on every phase, whichever it is wired to.

        A least that its own limit does not leave would keep the vehicle from charging even alone: then the
        limit counts, not the wish.
        """
        evse = self._evses[evse_id]
        since = evse.charging_since
        return Claim(
            evse_id=evse_id,
            most_a=most_a,
            phases=frozenset(PHASES),
            rank=0 if since is None else int(since.timestamp()),
            needs_a=None if evse.drawn_a is None else evse.drawn_a + MARGIN_A,
            least_a=max(LOWEST_A, min(Decimal(math.ceil(least_a)), Decimal(math.floor(most_a)))),
        )

    def view(self, evse_id: int) -> Evse:
        """Return an EVSE, or with 0 the station on the grid, as profiles see it."""
        reference = Reference(zone=self._zone, offline_since=self._absence.since)
        if evse_id == WHOLE_STATION:
            return Evse(id=WHOLE_STATION, supply=self._wiring.grid, reference=reference)
        evse = self._evses[evse_id]
        others = sum(other.could_charge for number, other in self._evses.items() if number != evse_id)
        return Evse(
            id=evse_id,
            supply=self._wiring.evses[evse_id],
            transaction_id=evse.transaction_id,
            reference=replace(reference, charging_since=evse.charging_since, soc=evse.soc),
            has_priority=evse.transaction_id in self.prioritised,
            share=Decimal(1) / (1 + others),
        )

    def _planned(self, evse_id: int) -> Evse:
        return replace(self.view(evse_id), plan=self.plans.of(evse_id))

    @property
    def _transactions(self) -> dict[int, str | None]:
        return {number: evse.transaction_id for number, evse in self._evses.items()}

    def _rules(self) -> Rules:
        settings = self._settings
        return Rules(
            transactions=self._transactions,
            units=frozenset({"A", "W"}),
            most_stack_level=settings.integer("SmartChargingCtrlr.ProfileStackLevel"),
            most_periods=settings.integer("SmartChargingCtrlr.PeriodsPerSchedule"),
            most_profiles=settings.integer("SmartChargingCtrlr.Entries[ChargingProfiles]"),
            negotiating=self.negotiating,
        )

    async def _tidy(self) -> None:
        """Give waiting profiles their transaction; forget those that will never count again."""
        now = self._clock.now()
        self.plans.follow(self._transactions)
        await self._forget(self._absence.take_ended(self.profiles))
        for profile in self.profiles:
            if profile.purpose in PURPOSES:
                continue  # who set it from outside sees to its end
            if self._waits_in_vain(profile) or (profile.valid_to is not None and profile.valid_to <= now):
                await self._forget([profile.id])
            elif profile.purpose == "TxProfile" and profile.transaction_id is None:
                running = self._evses[profile.evse_id].transaction_id
                if running is not None:
                    await self._keep(replace(profile, transaction_id=running))

    def _waits_in_vain(self, profile: Profile) -> bool:
        """Whether the profile is of a transaction that has ended, or that will not come about any more."""
        if profile.purpose != "TxProfile":
            return False
        evse = self._evses.get(profile.evse_id)
        if evse is None:  # the station file has lost it
            return True
        if profile.transaction_id is None:
            return evse.transaction_id is None and not evse.has_driver
        return evse.transaction_id != profile.transaction_id

    async def _forget(self, ids: Collection[int]) -> int:
        if ids:
            await self._database.write(lambda opened: charging_profiles.delete(opened, ids))
            gone = [self._profiles.pop(number) for number in sorted(ids)]
            self._changed.set()
            log.info("gone: %s", ", ".join(map(named, gone)))
        return len(ids)
