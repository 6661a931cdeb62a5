"""Steps the state of one EVSE, and commits it with the message it causes before anything is performed.

Events are applied one at a time. What follows from a state at the hardware is done by whoever is told that it
has changed, and never before it is durable: that is what makes a power cut harmless.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from agent.metering.poller import MeterPoller
from agent.station.collecting import Collector, ending_with
from agent.station.energy import EvseEnergy
from agent.station.events import CostDue, DataSigned, Detached, Event, FinalReadingTaken, Unplugged
from agent.station.evse import EvseState, IllegalTransition, step
from agent.station.identity import EvseIdentity
from agent.station.log_lines import log_change
from agent.station.pricing import EvsePricing
from agent.station.resumption import Resumption
from agent.station.signing import EvseSigning, SignedStart
from agent.station.telling import message_of
from agent.station.withdrawal import Withdrawal
from agent.store.database import StoreError
from agent.store.journal import Journal
from agent.system.clock import StationClock
from agent.system.concerning import concerning
from agent.tariffs.tariff import Tariff
from agent.transactions.points import Points, parse_points
from agent.transactions.progress import Report
from agent.transactions.records import StopReason, TransactionEvent
from agent.variables.model import DeviceModel
from drivers.readings import MeterReading, SignedReading

log = logging.getLogger(__name__)

_STALE = timedelta(hours=1)


class Performer(Protocol):
    """Does at the hardware what the state of an EVSE wants."""

    def changed(self, before: EvseState) -> None:
        """Perform what the state wants now; it is durable."""

    def unrecorded(self) -> None:
        """Offer no energy: nobody could account for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What an EVSE's records are made of."""

    identity: EvseIdentity
    meter: MeterPoller
    energy: EvseEnergy
    pricing: EvsePricing
    journal: Journal
    clock: StationClock
    settings: DeviceModel
    withdrawal: Withdrawal
    is_online: Callable[[], bool]
    cable_limit_a: Callable[[], int | None]


class Recorder:
    """The state of one EVSE. Whoever calls sees to it that only one thing happens at a time."""

    def __init__(self, books: Books, performer: Performer) -> None:
        self.state = EvseState()
        self.signing: EvseSigning | None = None
        self.is_recording = True
        """Whether the last state could be made durable."""
        self._name = f"EVSE {books.identity.evse_id}"
        self._books = books
        self._performer = performer
        self._energy = books.energy
        self._pricing = books.pricing
        self._clock = books.clock
        self._collector = Collector(books.energy, books.journal, books.clock, books.settings)
        self.resumption = Resumption(books.clock, books.settings)
        self._departure: Unplugged | Detached | None = None
        self._last_at: datetime | None = None

    @property
    def points(self) -> Points:
        """When transactions begin and end."""
        settings = self._books.settings
        return Points(
            start=parse_points(settings.text("TxCtrlr.TxStartPoint")),
            stop=parse_points(settings.text("TxCtrlr.TxStopPoint")),
        )

    @property
    def may_be_supplied(self) -> bool:
        """Whether energy would be accounted for: the meter counts it, and has signed if it can."""
        transaction = self.state.transaction
        if transaction is None:
            return self.signing is None or not self.signing.comes_first(self.state, self.points)
        return transaction.register is not None and (self.signing is None or transaction.is_signed)

    async def load(self) -> EvseState:
        """Return the stored state.

        Raises:
            StoreError: If it cannot be read.
        """
        return await self._books.journal.load(self._books.identity.evse_id)

    def take_over(self, state: EvseState) -> None:
        """Go on with a state that is stored."""
        self.state = state
        self._energy.resume(state.transaction)
        self._pricing.resume(state.transaction)

    async def end_if_interrupted(self, by: StopReason) -> None:
        """End a transaction that was interrupted for too long; why is `by`."""
        if self.state.transaction is not None:
            with concerning(transaction=self.state.transaction.id):
                log.info("%s: resuming transaction %s", self._name, self.state.transaction.id)
        end = self.resumption.end(self.state.transaction, by)
        if end is not None:
            log.warning("%s: the transaction was interrupted for too long, and ends", self._name)
            after, _ = step(self.state, end, self.points, "")
            await self.commit(after, None, None)

    async def go_on(self, *, is_told: bool) -> None:
        """Let the transaction go on that was interrupted; `is_told`: the backend has a word for that."""
        resumed = self.resumption.begin(self.state.transaction, is_told=is_told)
        if resumed is not None:
            await self.apply(resumed)

    def retime(self, state: EvseState | None, step: timedelta) -> None:
        """Go on after the clock was set by `step`, with a state whose times have moved."""
        self.state = state or self.state
        self._pricing.retime(step)
        self._last_at = None if self._last_at is None else self._last_at + step

    async def apply(self, event: Event, signed: SignedStart | None = None) -> None:
        """Apply an event; `signed` is what the meter has signed already for a transaction that starts.

        Raises:
            IllegalTransition: If the event has no meaning now; nothing has changed.
            StoreError: If it could not be made durable; nothing has changed.
        """
        event = self._stamped(event)
        new_id = str(uuid.uuid4()) if signed is None else signed.transaction_id
        after, report = step(self.state, event, self.points, new_id)
        begin = None
        if report is not None and report.kind == "Started":
            begin = await self._energy.begin_reading()
            after = self._energy.begun(after, begin)
            after = await self._signed(after) if signed is None else signed.carried_by(after)
        if after == self.state and report is None:
            return
        self._pricing.follow(after, event.at)
        message = None if report is None else self._message(report, after, event, begin)
        await self.commit(after, report, message)

    async def apply_if_possible(self, event: Event) -> None:
        """Apply an event that may have no meaning now; one that could not be kept is not forgotten."""
        try:
            await self.apply(event)
        except IllegalTransition as refusal:
            log.debug("%s: %s", self._name, refusal)
        except StoreError:
            if isinstance(event, Unplugged | Detached):
                self._departure = self._departure or event
            raise
        await self.finish_ending()

    async def finish_ending(self) -> None:
        """Close a transaction whose stop point was reached: power off, final reading, Ended."""
        transaction = self.state.transaction
        if transaction is None or transaction.ending is None:
            return
        if not self.state.wants_power and not await self._books.withdrawal.is_over():
            return
        reading = await self._energy.final_reading()
        event = self._stamped(FinalReadingTaken(at=self._clock.now()))
        after, report = step(self.state, event, self.points, "")
        if report is None:
            raise AssertionError("a final reading always ends the transaction that waits for it")
        signed = None if self.signing is None else await self.signing.ended(transaction)
        self._pricing.follow(self.state, event.at)
        message = self._message(report, self.state, event, reading, signed)
        message = ending_with(message, await self._collector.collected(transaction))
        await self.commit(after, report, message)
        self._pricing.ended(transaction.id, message.cost)
        if self.signing is not None:
            await self.signing.confirmed()

    async def commit(self, after: EvseState, report: Report | None, message: TransactionEvent | None) -> None:
        """Make a state and its message durable, then have it performed.

        Raises:
            StoreError: If it could not be; then the state is the old one, and no energy is offered.
        """
        after = self._pricing.marked(self._energy.marked(after))
        evse_id = self._books.identity.evse_id
        try:
            await self._books.journal.commit(evse_id, after, message)
        except StoreError:
            self.is_recording = False
            self._performer.unrecorded()
            raise
        self.is_recording = True
        self.resumption.marked()
        log_change(evse_id, self.state, after, report)
        before, self.state = self.state, after
        self._performer.changed(before)

    async def catch_up(self) -> None:
        """After a write that failed: go on where it did, once the store can be written again.

        A vehicle that left meanwhile has left, even if one stands there now: it may be another.
        """
        if not self.is_recording:
            await self.commit(self.state, None, None)
        if self._departure is not None:
            await self.apply_if_possible(self._departure)
            self._departure = None

    async def follow(self) -> None:
        """Do what time and the meter bring: the bill, counts, signatures, samples for the end."""
        await self._follow_bill()
        await self._follow_register()
        await self._follow_signing()
        if (resumed := self.resumption.event(self.state)) is not None:
            await self.apply_if_possible(resumed)
        if self.resumption.is_mark_due(self.state.transaction):
            await self.commit(self.state, None, None)
        await self._collector.collect(self.state.transaction)

    async def change_tariff(self, tariff: Tariff) -> None:
        """Price the running transaction by another tariff from now on, and tell so; raises as `apply`."""
        self._pricing.follow(self.state, self._clock.now())
        before = self._pricing.bill
        self._pricing.change(tariff)
        try:
            await self.apply(CostDue(at=self._clock.now(), trigger="TariffChanged"))
        except StoreError:
            self._pricing.restore(before)
            raise

    async def _follow_register(self) -> None:
        """Let a transaction have its first count as soon as there is one, and a new register a new start."""
        begun = self._energy.late_beginning(self.state)
        if begun is not None:
            await self.commit(begun, None, None)
        signed = await self._signed(self.state)
        if signed is not self.state:
            await self.commit(signed, None, None)
        meter = self._books.meter
        if meter.broken is not None and self.state.transaction is None:
            meter.begin_anew()

    async def _follow_bill(self) -> None:
        """Bring the bill up to date, tell the backend what is due, and keep it before it is too far ahead."""
        self._pricing.follow(self.state, self._clock.now())
        due = self._pricing.due(self.state, self._clock.now())
        if due is not None:
            await self.apply_if_possible(due)
        elif self._pricing.is_to_be_kept:
            await self.commit(self.state, None, None)

    async def _follow_signing(self) -> None:
        """Begin a transaction with what the meter has signed."""
        if self.signing is None:
            return
        first = await self.signing.first(self.state, self.points)
        if first is not None:
            await self.apply(DataSigned(at=self._clock.now()), first)

    async def _signed(self, state: EvseState) -> EvseState:
        """Return the state with its transaction begun at a meter that signs, if energy is wanted for it."""
        return state if self.signing is None else await self.signing.begun(state)

    def _stamped(self, event: Event) -> Event:
        """Return an event that happens now; one from before the clock was set gets the time of now."""
        now = self._clock.now()
        is_stale = event.at < now - _STALE or (self._last_at is not None and event.at < self._last_at)
        if event.at > now or is_stale:
            event = replace(event, at=max(now, self._last_at or now))
        self._last_at = event.at
        return event

    def _message(
        self,
        report: Report,
        state: EvseState,
        event: Event,
        reading: MeterReading | None,
        signed: SignedReading | None = None,
    ) -> TransactionEvent:
        samples = self._energy.samples(report, state.transaction, event, reading)
        if self.signing is not None:
            is_start = report.kind == "Started"
            samples = self.signing.published(samples, state.transaction, signed, is_start=is_start)
        message = message_of(
            report,
            state.transaction,
            self._books.identity,
            samples,
            is_offline=not self._books.is_online(),
            cable_limit_a=self._books.cable_limit_a(),
        )
        tariff_id = None if self._pricing.bill is None else self._pricing.bill.tariff.id
        return replace(message, tariff_id=tariff_id, cost=self._pricing.told(report.kind, report.trigger))
