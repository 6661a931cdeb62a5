"""The charging station as a whole: routes cards and remote requests, resets, samples by the clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Literal, Protocol

from agent.authorization.authorizer import Authorizer
from agent.authorization.verdicts import Verdict
from agent.availability.service import Availability
from agent.costs.costs import Costs
from agent.costs.local import LocalCosts
from agent.costs.records import PersonalText
from agent.costs.running import RunningCosts
from agent.reservations.service import Reservations
from agent.station.dynamic import DynamicProfiles
from agent.station.events import (
    Authorized,
    CableReleased,
    Held,
    SampleDue,
    Terminated,
    TransactionLimited,
    Withdrawn,
)
from agent.station.evse import IllegalTransition, Phase, may_authorize
from agent.station.external import ExternalLimits
from agent.station.limits import Limits
from agent.station.negotiation import Negotiation
from agent.station.priority import PriorityCharging
from agent.station.resets import Resets, is_idle
from agent.station.service import EvseService
from agent.station.tolerance import tolerance
from agent.station.warnings import Warnings
from agent.station.web_hold import WebHold
from agent.store.database import StoreError
from agent.system.clock import StationClock
from agent.system.concerning import concerning
from agent.tariffs.book import Refusal
from agent.tariffs.service import Tariffs, Terms
from agent.tariffs.words import described
from agent.transactions.limits import TxLimit
from agent.transactions.records import NOBODY, Authorization, Sample, StopReason, Token
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

_ACCEPTED = Verdict(status="Accepted")
_NO_START = "a master pass starts no transaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a request; `why` says in a few words why it was refused."""

    is_accepted: bool
    why: str = ""
    evse_id: int | None = None
    transaction_id: str | None = None


class MeterValueSink(Protocol):
    """Takes meter values that belong to no transaction."""

    async def send_meter_values(self, evse_id: int, sample: Sample) -> None:
        """Send them if the backend can be reached; they are not kept."""


class Station:
    """What a driver, the backend and a technician can ask of the station."""

    def __init__(
        self,
        evses: Mapping[int, EvseService],
        authorizer: Authorizer,
        limits: Limits,
        availability: Availability,
        reservations: Reservations,
        settings: DeviceModel,
        clock: StationClock,
        announce_restart: Callable[[str], Awaitable[None]],
    ) -> None:
        """`announce_restart` stores the boot reason, lets messages out and restarts the agent."""
        self.evses = evses
        self.limits = limits
        self.availability = availability
        self.reservations = reservations
        self.settings = settings
        self.authorizer = authorizer
        self.warnings = Warnings()
        self._clock = clock
        self.resets = Resets(lambda: self.evses, settings, clock, announce_restart)
        self.external = ExternalLimits(limits, settings, clock)
        self.negotiation = Negotiation(limits, clock)
        self.negotiation.on_refusal = self._refuse_energy
        self.dynamic = DynamicProfiles(limits, clock)
        self.priority = PriorityCharging(limits, lambda: self.evses, clock)
        self.costs = Costs(lambda: self.evses, settings, clock)
        self.running_costs = RunningCosts(lambda: self.evses, self.costs, settings, clock)
        self.tariffs = Tariffs(lambda: self.evses, settings, clock.now)
        self.web_hold = WebHold(clock)
        self.local_costs = LocalCosts(lambda: self.evses, self.tariffs, self.costs, settings)
        for service in evses.values():
            service.quota.cost = partial(self._cost_of, service)

    async def tap(self, token: Token, evse_id: int | None = None) -> Outcome:
        """A driver presents a token: stops what it may, else asks whether it may start (C01, E07)."""
        with concerning(evse=evse_id):
            return await self._tap(token, evse_id)

    async def _tap(self, token: Token, evse_id: int | None) -> Outcome:
        outcome = await self._settled(token, evse_id)
        if outcome is not None:
            return outcome
        service = self.choose(evse_id, token)
        verdict = await self.authorizer.decide(token)
        if not verdict.is_accepted and service is not None and _left_cable(service, token):
            return await self._give_back(service)
        if not verdict.is_accepted:
            return Outcome(is_accepted=False, why=verdict.status, evse_id=evse_id)
        if self.authorizer.is_master_pass(verdict):
            return await self._stop_all(token)
        service = self.choose(evse_id, token, verdict.group_id) or service
        of_group = self._stopped_by(token, verdict.group_id, evse_id)
        if of_group is not None:
            return await self._stop_by_card(of_group, token)
        if service is None:
            return Outcome(is_accepted=False, why="no EVSE is free for this card; name one")
        if service.state.phase is Phase.IDLE and _may_have(service.state.kept_for, token, verdict.group_id):
            return await self._give_back(service)
        return await self._admit(service, token, verdict)

    async def _settled(self, token: Token, evse_id: int | None) -> Outcome | None:
        """Return what comes of a token that nobody has to be asked about; None if it is to be authorized."""
        own = self._charged_by(token, None, evse_id)
        if own is not None:
            return await self._stop_by_card(own, token)
        service = self.choose(evse_id, token)
        if service is not None and not service.has_driver and self._is_out(service):
            return self.may_start(service, token)
        if service is not None and service.state.phase is Phase.IDLE and _left_cable(service, token):
            return await self._give_back(service)
        of_group = self._stopped_by(token, await self._known_group(token), evse_id)
        return None if of_group is None else await self._stop_by_card(of_group, token)

    def choose(self, evse_id: int | None, token: Token, group_id: str | None = None) -> EvseService | None:
        """Return the EVSE meant by a start with this id; without one, the one that waits for a driver.

        That is the one whose locked cable is the driver's, or that the driver reserved. None if there is no
        such EVSE, or if several could be meant (F01.FR.20).
        """
        evse_id = evse_id or self._own_evse(token, group_id)
        if evse_id is not None:
            return self.evses.get(evse_id)
        everywhere = list(self.evses.values())
        if len(everywhere) == 1:
            return everywhere[0]
        free = [service for service in everywhere if self.may_start(service, token, group_id).is_accepted]
        plugged = [service for service in free if service.state.phase is Phase.CABLE_ONLY]
        candidates = plugged or free
        return candidates[0] if len(candidates) == 1 else None

    def may_start(self, service: EvseService, token: Token, group_id: str | None = None) -> Outcome:
        """Return whether this token could start here now (F01.FR.13, F01.FR.21, F01.FR.23, F01.FR.24)."""
        state = service.state
        if service.is_closing:
            return _refused(service, "about to be reset")
        if self.availability.is_closed(service):
            return _refused(service, "out of service")
        if state.fault is not None:
            return _refused(service, f"out of order: {state.fault}")
        if state.authorization is not None:
            return _refused(service, "another driver is charging here")
        driver = self._driver(service, token, _ACCEPTED, group_id)
        known = replace(state, is_reserved=self.reservations.keeps(service, self.evses))
        if not may_authorize(replace(known, is_reserved=False), driver):
            return _refused(service, "another driver's transaction or cable is still there")
        if not may_authorize(known, driver):
            return _refused(service, "reserved for somebody else")
        running = None if state.transaction is None else state.transaction.id
        return Outcome(is_accepted=True, evse_id=service.identity.evse_id, transaction_id=running)

    async def admit(self, service: EvseService, token: Token, verdict: Verdict) -> Outcome:
        """Start for a driver about whom all is known: one who has paid (C18)."""
        possible = self.may_start(service, token, verdict.group_id)
        return await self._admit(service, token, verdict) if possible.is_accepted else possible

    async def start_for_nobody(self, service: EvseService) -> Outcome:
        """Start without a driver, at a station that authorizes nobody (C02)."""
        possible = self.may_start(service, NOBODY)
        if not possible.is_accepted:
            return possible
        verdict = await self.authorizer.decide(NOBODY)
        return await self._admit(service, NOBODY, verdict)

    async def remote_start(
        self, service: EvseService, token: Token, group_id: str | None, remote_start_id: int | None
    ) -> Outcome:
        """Start for a token the backend named, authorized first if AuthorizeRemoteStart (F01.FR.01)."""
        verdict = _ACCEPTED
        if self.settings.flag("AuthCtrlr.AuthorizeRemoteStart"):
            verdict = await self.authorizer.decide(token)
        if self.authorizer.is_master_pass(verdict):
            return _refused(service, _NO_START)
        if not verdict.admits_to(service.identity.evse_id):
            return _refused(service, _why_refused(verdict))
        driver = self._driver(service, token, verdict, group_id, remote_start_id)
        return await self._begin(service, driver, verdict, "RemoteStart")

    def find_transaction(self, transaction_id: str) -> EvseService | None:
        """Return the EVSE on which this transaction runs."""
        for service in self.evses.values():
            transaction = service.state.transaction
            if transaction is not None and transaction.id == transaction_id:
                return service
        return None

    async def remote_stop(self, service: EvseService, reason: StopReason = "Remote") -> Outcome:
        """Stop what the backend asked to stop (F03)."""
        return await self._withdraw(service, "RemoteStop", reason)

    async def refuse_tariff(self, service: EvseService) -> Outcome:
        """End the permission of a driver who does not want the tariff (I08.FR.20, I08.FR.21)."""
        return await self._withdraw(service, "TariffNotAccepted", "DeAuthorized")

    async def deauthorize(self, transaction_id: str, token: Token, status: str) -> None:
        """Act on a backend that does not accept the driver of a running transaction (E05)."""
        service = self.find_transaction(transaction_id)
        driver = None if service is None else service.state.authorization
        if service is None or driver is None or not driver.token.is_same_as(token):
            return
        grace = tolerance(service.state, service.counted_mwh, self.settings, self._clock.now())
        if grace is not None:
            log.warning("token of transaction %s is %s: only so much more energy", transaction_id, status)
            await self._apply(service, grace)
        elif self.settings.flag("TxCtrlr.StopTxOnInvalidId"):
            log.warning("token of transaction %s is %s: stopping", transaction_id, status)
            await self._withdraw(service, "Deauthorized", "DeAuthorized")
        else:
            log.warning("token of transaction %s is %s: no more energy", transaction_id, status)
            await self._apply(service, Held(at=self._clock.now()))

    async def limit_transaction(self, transaction_id: str, limit: TxLimit) -> None:
        """Let a running transaction go no further than the backend says; a repetition is none (E16.FR.03)."""
        service = self.find_transaction(transaction_id)
        transaction = None if service is None else service.state.transaction
        if service is None or transaction is None or transaction.ending is not None:
            return
        if transaction.backend_limit.changed_by(limit) != transaction.backend_limit:
            event = TransactionLimited(at=self._clock.now(), limit=limit, by="backend")
            await self._apply(service, event)

    def _cost_of(self, service: EvseService, transaction_id: str) -> Decimal | None:
        """Return what a transaction costs so far: as calculated here, else as the backend said last."""
        if service.pricing.cost is not None:  # E16.FR.16
            return service.pricing.cost.payable
        told = self.costs.at(service.identity.evse_id)
        return None if told is None or told.transaction_id != transaction_id else told.total

    async def _refuse_energy(self, evse_id: int) -> None:
        """End the transaction of a vehicle that the backend lets have no energy of the kind it asks for."""
        reason: StopReason = "ReqEnergyTransferRejected"
        event = Terminated(at=self._clock.now(), trigger="Deauthorized", reason=reason)
        await self._apply(self.evses[evse_id], event)

    def hold(self, *, is_held: bool) -> None:
        """Let nobody start any more, or let them again: a new firmware is to be installed (L01.FR.07)."""
        for service in self.evses.values():
            service.close(is_closed=is_held, what="firmware")

    def is_idle(self) -> bool:
        """Whether no transaction runs and no driver is authorized anywhere."""
        return is_idle(list(self.evses.values()))

    async def sample_by_clock(self, sink: MeterValueSink) -> None:
        """Take clock-aligned samples until cancelled (J01: aligned to midnight UTC)."""
        while True:
            interval_s = self.settings.integer("AlignedDataCtrlr.Interval")
            now_s = self._clock.now().timestamp()
            if interval_s == 0:
                await asyncio.sleep(1)
                continue
            await asyncio.sleep(min(interval_s - now_s % interval_s, 1.0))
            if int(now_s // interval_s) != int(self._clock.now().timestamp() // interval_s):
                try:
                    await self._take_aligned(sink)
                except StoreError as error:
                    log.error("clock-aligned sample lost: %s", error)

    async def _take_aligned(self, sink: MeterValueSink) -> None:
        if self.settings.flag("AlignedDataCtrlr.SendDuringIdle") and self._has_transaction():
            return  # J01.FR.20
        measurands = self.settings.members("AlignedDataCtrlr.Measurands")
        for evse_id, service in self.evses.items():
            aligned = service.latest_sample(measurands, "Sample.Clock")
            if aligned is None:
                continue
            if service.state.transaction is not None:
                await self._apply(service, SampleDue(at=self._clock.now(), trigger="MeterValueClock"))
            else:
                await sink.send_meter_values(evse_id, aligned)

    def _has_transaction(self) -> bool:
        return any(service.state.transaction is not None for service in self.evses.values())

    def _charged_by(self, token: Token, group_id: str | None, evse_id: int | None) -> EvseService | None:
        """Return the EVSE whose driver this token may stop (C01.FR.03, C09.FR.03), if it is the one named."""
        for number, service in self.evses.items():
            driver = service.state.authorization
            if evse_id in (None, number) and driver is not None and driver.admits(token, group_id):
                return service
        return None

    def _stopped_by(self, token: Token, group_id: str | None, evse_id: int | None) -> EvseService | None:
        """Return the EVSE whose driver this token of a group stops; none if a cable waits for the token."""
        service = self.choose(evse_id, token, group_id) or self.choose(evse_id, token)
        if service is not None and service.state.phase is Phase.CABLE_ONLY:
            return None
        return self._charged_by(token, group_id, evse_id)

    async def _known_group(self, token: Token) -> str | None:
        """Return the group of a token that the station knows as good by itself (C01.FR.03, C09.FR.07)."""
        drivers = [service.state.authorization for service in self.evses.values()]
        if all(driver is None or driver.group_id is None for driver in drivers):
            return None
        return await self.authorizer.known_group(token)

    async def _admit(self, service: EvseService, token: Token, verdict: Verdict) -> Outcome:
        if not verdict.admits_to(service.identity.evse_id):
            return _refused(service, _why_refused(verdict))
        if self.web_hold.holds(service.identity.evse_id):
            return _refused(service, "somebody is paying for it on the web")
        return await self._begin(service, self._driver(service, token, verdict), verdict, "Authorized")

    async def _begin(
        self,
        service: EvseService,
        driver: Authorization,
        verdict: Verdict,
        trigger: Literal["Authorized", "RemoteStart"],
    ) -> Outcome:
        """Let a driver begin on the terms that the verdict says, if the station can keep to them."""
        terms = self.tariffs.terms(verdict.tariff)
        if isinstance(terms, Refusal):
            return _refused(service, f"the driver's tariff cannot be used: {terms.why}")
        driver = replace(driver, tariff=terms.tariff, is_priced_centrally=terms.is_central)
        event = Authorized(at=self._clock.now(), authorization=driver, trigger=trigger)
        return await self._start(service, event, self._text(service, terms, verdict))

    def _text(self, service: EvseService, terms: Terms, verdict: Verdict) -> PersonalText | None:
        """Return what the driver is told of the price: the backend's own words, else the tariff's."""
        tariff = terms.tariff or self.tariffs.in_force(service.identity.evse_id)
        if verdict.text is not None or tariff is None or terms.is_central:
            return verdict.text
        return described(tariff, verdict.languages)

    async def _start(self, service: EvseService, event: Authorized, text: PersonalText | None) -> Outcome:
        """Authorize a driver if it is still possible: things may have changed while the backend was asked."""
        driver = event.authorization
        possible = self.may_start(service, driver.token, driver.group_id)
        if not possible.is_accepted:
            return possible
        outcome = await self._apply(service, event)
        if outcome.is_accepted:
            self.web_hold.end(service.identity.evse_id)
            self.costs.welcome(service.identity.evse_id, text)
            await self.reservations.used(driver.reservation_id)
        return outcome

    def _driver(
        self,
        service: EvseService,
        token: Token,
        verdict: Verdict,
        group_id: str | None = None,
        remote_start_id: int | None = None,
    ) -> Authorization:
        """Return a driver's permission here as of now, with the reservation that it would use."""
        group_id = verdict.group_id or group_id
        reservation_id = self.reservations.usable_by(service, token, group_id)
        return Authorization(
            token=token,
            granted_at=self._clock.now(),
            group_id=group_id,
            remote_start_id=remote_start_id,
            languages=verdict.languages,
            reservation_id=reservation_id,
            reserved_at=self.reservations.made_at(reservation_id),
        )

    def _own_evse(self, token: Token, group_id: str | None) -> int | None:
        """Return the EVSE that is this driver's without saying so."""
        for evse_id, service in self.evses.items():
            if _may_have(service.state.kept_for, token, group_id):
                return evse_id
        return self.reservations.evse_of(token, group_id)

    def _is_out(self, service: EvseService) -> bool:
        """Whether nobody can have anything here now, not even a cable back."""
        state = service.state
        is_shut = service.is_closing or self.availability.is_closed(service) or state.fault is not None
        return is_shut and state.kept_for is None

    async def _give_back(self, service: EvseService) -> Outcome:
        """Let a cable go that was kept for its driver."""
        return await self._apply(service, CableReleased(at=self._clock.now()))

    async def _stop_by_card(self, service: EvseService, token: Token) -> Outcome:
        return await self._withdraw(service, "StopAuthorized", "Local", token)

    async def _stop_all(self, token: Token) -> Outcome:
        """Stop whatever goes on, for who has a master pass (C16.FR.02); it starts nothing (C16.FR.03)."""
        outcome = Outcome(is_accepted=False, why=_NO_START)
        for service in self.evses.values():
            if service.state.authorization is not None:
                outcome = await self._withdraw(service, "StopAuthorized", "MasterPass", token)
        return outcome

    async def _withdraw(
        self,
        service: EvseService,
        trigger: Literal["StopAuthorized", "RemoteStop", "Deauthorized", "TariffNotAccepted"],
        reason: StopReason,
        token: Token | None = None,
    ) -> Outcome:
        event = Withdrawn(at=self._clock.now(), trigger=trigger, reason=reason, token=token)
        return await self._apply(service, event)

    async def _apply(
        self,
        service: EvseService,
        event: Authorized | Withdrawn | Held | SampleDue | CableReleased | Terminated | TransactionLimited,
    ) -> Outcome:
        try:
            state = await service.apply(event)
        except IllegalTransition as refusal:
            return _refused(service, str(refusal))
        transaction = state.transaction
        return Outcome(
            is_accepted=True,
            evse_id=service.identity.evse_id,
            transaction_id=None if transaction is None else transaction.id,
        )


def _left_cable(service: EvseService, token: Token) -> bool:
    """Return whether a cable is kept for just this token: its driver gets it back, accepted or not."""
    owner = service.state.kept_for
    return owner is not None and owner.token.is_same_as(token)


def _may_have(owner: Authorization | None, token: Token, group_id: str | None) -> bool:
    """Return whether a cable that is kept for its driver may be given to this one."""
    return owner is not None and owner.admits(token, group_id)


def _why_refused(verdict: Verdict) -> str:
    return "not allowed at this EVSE" if verdict.is_accepted else verdict.status


def _refused(service: EvseService, why: str) -> Outcome:
    return Outcome(is_accepted=False, why=why, evse_id=service.identity.evse_id)
