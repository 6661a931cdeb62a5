"""Schedules negotiated with vehicles that speak ISO 15118 (K15 to K20): the backend's part of it.

Who speaks with a vehicle calls `needs` when it says what it needs, `chosen` when it says how it is going to
charge, and `parted` when it goes. `is_due` tells when it must be asked to choose anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Protocol

from agent.authorization.authorizer import BackendUnreachable
from agent.smartcharging.needs import MOST_SCHEDULES, Chosen, Needs, NeedsAnswer, Offer
from agent.smartcharging.offers import as_offered, is_within, offers
from agent.smartcharging.plans import as_plan
from agent.smartcharging.profiles import Profile, RateUnit
from agent.station.limits import Limits
from agent.system.clock import StationClock
from agent.system.concerning import concerning

log = logging.getLogger(__name__)

SCHEDULE_WITHIN_S: Final = 60.0
"""How long the backend may take from Accepted to its profile (K15.FR.07); the vehicle waits as long."""
LONGEST_S: Final = 86_400
"""How far ahead a vehicle is offered energy that does not say when it departs."""

Verdict = Literal["Accepted", "Rejected", "TooMuch", "Unheard"]
"""What becomes of a vehicle's choice.

The backend takes it or not, or it is more than was offered, or the backend could not be asked."""


class Backend(Protocol):
    """Answers questions."""

    async def ask(self, question: object) -> Any:
        """Return the answer.

        Raises:
            BackendUnreachable: If it cannot be asked.
        """


@dataclass(slots=True)
class _Talk:
    """One vehicle that speaks with the station."""

    needs: Needs
    profile_came: asyncio.Event
    given: tuple[Profile, ...] = ()
    offers: tuple[Offer, ...] = ()


class Negotiation:
    """What each vehicle was offered last, and whether that still stands."""

    def __init__(self, limits: Limits, clock: StationClock) -> None:
        self._limits = limits
        self._clock = clock
        self._backend: Backend | None = None
        self._talks: dict[int, _Talk] = {}
        limits.on_install = self._installed
        self.on_refusal: Callable[[int], Awaitable[None]] = _leave_alone
        """What is to become of an EVSE whose vehicle the backend refuses."""

    def ask(self, backend: Backend) -> None:
        """Say who knows better; without anybody, the limits that are there decide."""
        self._backend = backend

    async def needs(self, needs: Needs, *, within_s: float = SCHEDULE_WITHIN_S) -> tuple[Offer, ...]:
        """Tell the backend what a vehicle needs, and return what the vehicle may choose from (K15, K17, K18).

        Offline, without a profile or too late it is what the limits that are there come to. A vehicle that
        speaks ISO 15118-20 and that the backend refuses has no choice: its transaction ends (K18.FR.23).
        """
        with concerning(evse=needs.evse_id):
            return await self._needs(needs, within_s)

    async def _needs(self, needs: Needs, within_s: float) -> tuple[Offer, ...]:
        talk = _Talk(needs, asyncio.Event())
        self._talks[needs.evse_id] = talk
        self._limits.negotiating = frozenset(self._talks)
        answer = await self._answer(needs)
        if answer == "Rejected" and needs.dash20 is not None:
            self.parted(needs.evse_id)
            await self.on_refusal(needs.evse_id)
            return ()
        if answer == "Accepted":
            try:
                async with asyncio.timeout(within_s):
                    await talk.profile_came.wait()
            except TimeoutError:
                log.warning("EVSE %d: the backend's schedule does not come", needs.evse_id)
        return self._offer(talk)

    def offered(self, evse_id: int) -> tuple[Offer, ...]:
        """Return what a vehicle that was asked to choose anew may choose from now (K16.FR.03)."""
        talk = self._talks.get(evse_id)
        return () if talk is None else self._offer(talk)

    def is_due(self, evse_id: int) -> bool:
        """Return whether the vehicle is to choose anew: what it was offered no longer stands (K16.FR.02)."""
        talk = self._talks.get(evse_id)
        if talk is None or not talk.offers:
            return False
        before, now = talk.given, self._relevant(evse_id)
        return before != now and self._offers(talk, before) != self._offers(talk, now)

    async def chosen(self, chosen: Chosen, offer_id: int) -> Verdict:
        """Check how a vehicle is going to charge and tell the backend (K15.FR.09, K15.FR.10)."""
        with concerning(evse=chosen.evse_id):
            return await self._chosen(chosen, offer_id)

    async def _chosen(self, chosen: Chosen, offer_id: int) -> Verdict:
        talk = self._talks.get(chosen.evse_id)
        self._limits.plans.drop(chosen.evse_id)  # whatever becomes of this choice, the last one is no more
        offer = None if talk is None else next((one for one in talk.offers if one.id == offer_id), None)
        chosen = replace(chosen, offer_id=offer_id)
        if talk is not None and offer is not None and (_is_led(talk.needs) or not chosen.schedule.periods):
            # what the vehicle would like counts for nothing (K19), or it has no plan of its own (K15.FR.19)
            chosen = as_offered(chosen, offer)
        if talk is None or offer is None or not is_within(chosen, offer):
            log.warning("EVSE %d: the vehicle plans beyond what it was offered", chosen.evse_id)
            return "TooMuch"
        if self._backend is None:
            return "Unheard"
        try:
            is_accepted = await self._backend.ask(chosen)
        except BackendUnreachable as error:
            log.warning("EVSE %d: the vehicle's plan is not told: %s", chosen.evse_id, error)
            return "Unheard"
        if not is_accepted:
            return "Rejected"
        if not _is_led(talk.needs):  # who is led follows the limits, also when they rise
            self._limits.plans.keep(as_plan(chosen, talk.needs.transfer, self._limits.view(chosen.evse_id)))
        return "Accepted"

    def parted(self, evse_id: int) -> None:
        """Take note that a vehicle no longer speaks with the station."""
        self._talks.pop(evse_id, None)
        self._limits.plans.drop(evse_id)
        self._limits.negotiating = frozenset(self._talks)

    async def _answer(self, needs: Needs) -> NeedsAnswer | None:
        if self._backend is None:
            return None
        try:
            answer: NeedsAnswer = await self._backend.ask(needs)
        except BackendUnreachable as error:
            log.warning("EVSE %d: what the vehicle needs is not told: %s", needs.evse_id, error)
            return None
        log.info("EVSE %d: the backend on what the vehicle needs: %s", needs.evse_id, answer)
        return answer

    def _installed(self, profile: Profile) -> None:
        talk = self._talks.get(profile.evse_id)
        if talk is not None and profile.purpose == "TxProfile":
            talk.profile_came.set()

    def _offer(self, talk: _Talk) -> tuple[Offer, ...]:
        talk.given = self._relevant(talk.needs.evse_id)
        talk.offers = self._offers(talk, talk.given)
        return talk.offers

    def _offers(self, talk: _Talk, profiles: tuple[Profile, ...]) -> tuple[Offer, ...]:
        needs, now = talk.needs, self._clock.now()
        duration_s = LONGEST_S
        if needs.departure is not None:
            duration_s = max(1, min(LONGEST_S, int((needs.departure - now).total_seconds())))
        most = MOST_SCHEDULES if needs.most_schedules is None else needs.most_schedules
        if needs.dash20 is not None:
            most = (
                1 if _is_led(needs) else MOST_SCHEDULES
            )  # what it says of entries is no number of schedules
        unit: RateUnit = "W"
        return offers(profiles, self._limits.view(needs.evse_id), now, duration_s, unit, most)

    def _relevant(self, evse_id: int) -> tuple[Profile, ...]:
        return tuple(profile for profile in self._limits.profiles if profile.evse_id in (0, evse_id))


def _is_led(needs: Needs) -> bool:
    """Return whether the station leads and the vehicle follows (ISO 15118-20, dynamic control mode)."""
    return needs.dash20 is not None and needs.dash20.control == "DynamicControl"


async def _leave_alone(_: int) -> None:
    """Do nothing."""
