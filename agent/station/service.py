"""Drives one EVSE: observes the hardware, steps the state, commits, then performs.

Events are applied one at a time. The order inside is what makes a power cut harmless: the new state and the
message it causes are committed together; only then is power switched. After a restart the service performs
whatever the stored state wants and finishes a transaction that was ending.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol

from agent.metering.notary import Notary
from agent.metering.poller import MeterPoller
from agent.smartcharging.external import is_significant
from agent.smartcharging.sharing import LOWEST_A
from agent.station.bay import BayWatch
from agent.station.bolt import PlugLock
from agent.station.collecting import Collector, ending_with
from agent.station.connector import ConnectorView
from agent.station.energy import EvseEnergy
from agent.station.events import (
    CostDue,
    DataSigned,
    Detached,
    Event,
    FinalReadingTaken,
    LimitChanged,
    Unplugged,
)
from agent.station.evse import ConnectorStatus, EvseState, IllegalTransition, step
from agent.station.identity import EvseIdentity
from agent.station.log_lines import log_change
from agent.station.occurrences import Occurrences
from agent.station.phases import PhaseChanger
from agent.station.power import PowerSwitch
from agent.station.pricing import EvsePricing, kind_of
from agent.station.quota import Quota
from agent.station.resumption import Resumption
from agent.station.signing import EvseSigning, SignedStart
from agent.station.telling import message_of
from agent.station.watch import PilotWatch
from agent.station.withdrawal import POWER_OFF_TIMEOUT_S, Withdrawal
from agent.store.database import StoreError
from agent.store.journal import Journal
from agent.system.clock import StationClock
from agent.system.concerning import concerning
from agent.tariffs.tariff import Tariff
from agent.transactions.points import Points, parse_points
from agent.transactions.progress import Report
from agent.transactions.records import Sample, SampleContext, StopReason, TransactionEvent
from agent.variables.model import DeviceModel
from drivers.ports import BaySensor, ChargeController, ConnectorLock, PhaseSwitch
from drivers.readings import MeterReading, Pilot, SignedReading

log = logging.getLogger(__name__)

_STALE = timedelta(hours=1)
_VEHICLE_SETTLES_S = 20.0
"""How long after a new limit the current that a vehicle draws says nothing yet of what it needs."""


class Upstream(Protocol):
    """What an EVSE tells the backend's side of the agent."""

    @property
    def is_online(self) -> bool:
        """Whether the backend can be reached now."""

    def evse_changed(self, evse_id: int) -> None:
        """Take note that the connector's status may have changed."""


class EvseService:
    """One EVSE of the station, alive."""

    def __init__(
        self,
        identity: EvseIdentity,
        controller: ChargeController,
        meter: MeterPoller,
        journal: Journal,
        clock: StationClock,
        settings: DeviceModel,
        upstream: Upstream,
        alive: Callable[[], None],
    ) -> None:
        self.identity = identity
        self.state = EvseState()
        self.arrivals = 0
        """How often a vehicle was plugged in since the agent started."""
        self.meter = meter
        self._journal = journal
        self._clock = clock
        self.settings = settings
        self._upstream = upstream
        self._alive = alive
        self._name = f"EVSE {identity.evse_id}"
        self._energy = EvseEnergy(self._name, meter, clock, settings)
        kind = kind_of(identity.connector_type)
        self.pricing = EvsePricing(identity.evse_id, kind, self._energy, clock, settings)
        self._signing: EvseSigning | None = None
        self._busy = asyncio.Lock()
        self._power = PowerSwitch(self._name, controller, clock)
        self._limit_a = identity.limit_a
        self._pilot = PilotWatch(self._name, controller, clock, settings, self._power.doubt)
        self._lock: PlugLock | None = None
        self.phases: PhaseChanger | None = None
        """What switches between three phases and one, if anything does."""
        self.bay: BayWatch | None = None
        """Whoever looks whether a vehicle stands here, if anybody does."""
        self._withdrawal = Withdrawal(self._name, identity, self._power, clock)
        self._occurrences = Occurrences(
            identity, self._pilot, self._power, meter, self._energy, clock, settings
        )
        self._closed_for: set[str] = set()
        self._collector = Collector(self._energy, journal, clock, settings)
        self._is_recording = True
        self._resumption = Resumption(clock, settings)
        self._departure: Unplugged | Detached | None = None
        self._last_at: datetime | None = None
        self._limited_s = clock.instant().monotonic_s
        self._soc: int | None = None
        self.quota = Quota(clock, lambda: self.counted_mwh, lambda: self._soc)
        self._occurrences.quota = self.quota

    def sign_with(self, notary: Notary, place: str) -> None:
        """Have the meter sign every transaction; `place` is what its records are to call this EVSE."""
        self._signing = EvseSigning(self._name, notary, place, self._clock, self.settings)

    def hold_with(self, lock: ConnectorLock) -> None:
        """Have a bolt hold the plug while somebody charges: without it no energy is offered (G05.FR.01)."""
        self._lock = self._occurrences.lock = PlugLock(self._name, lock, self._clock)
        self._pilot.has_lock = True

    def watch_bay_with(self, sensor: BaySensor, *, settle_s: float, is_inverted: bool) -> None:
        """Have a sensor say whether a vehicle stands in the bay, once it says so for `settle_s`."""
        watch = BayWatch(self._name, sensor, self._clock, settle_s=settle_s, is_inverted=is_inverted)
        self.bay = self._occurrences.bay = watch

    def switch_phases_with(self, switch: PhaseSwitch) -> None:
        """Have the vehicle use one phase or three, as the limits say."""
        self.phases = PhaseChanger(
            self._name,
            switch,
            self._power,
            lambda: self._pilot.silent_s,
            self._clock,
            self.settings,
            self._want_power,
        )

    async def resume(self, interrupted_by: StopReason = "PowerLoss") -> None:
        """Take over the stored state, before anything else is asked of this EVSE.

        How long its phase lasts is counted anew: how long the station was off is not known for sure. A
        transaction that was interrupted for too long ends, and why is `interrupted_by`.

        Raises:
            StoreError: If the stored state cannot be read.
        """
        with concerning(evse=self.identity.evse_id):
            await self._resume(interrupted_by)

    async def _resume(self, interrupted_by: StopReason) -> None:
        stored = await self._journal.load(self.identity.evse_id)
        self.state = replace(stored, bolt="none" if self._lock is None else "open")
        self._occurrences.resume()
        if self.state.transaction is not None:
            with concerning(transaction=self.state.transaction.id):
                log.info("%s: resuming transaction %s", self._name, self.state.transaction.id)
        self._energy.resume(self.state.transaction)
        self.pricing.resume(self.state.transaction)
        end = self._resumption.end(self.state.transaction, interrupted_by)
        if end is not None:
            log.warning("%s: the transaction was interrupted for too long, and ends", self._name)
            after, _ = step(self.state, end, self._points(), "")
            await self._commit(after, None, None)
        self._want_power()
        self._upstream.evse_changed(self.identity.evse_id)

    async def run(self) -> None:
        """Serve until cancelled."""
        with concerning(evse=self.identity.evse_id):
            await self._run()

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._power.run(), name=f"{self._name} power")
            if self._lock is not None:
                tasks.create_task(self._lock.run(), name=f"{self._name} lock")
            if self.phases is not None:
                tasks.create_task(self.phases.run(), name=f"{self._name} phases")
            if self.bay is not None:
                tasks.create_task(self.bay.run(), name=f"{self._name} bay")
            tasks.create_task(self._observe(), name=f"{self._name} observe")

    async def apply(self, event: Event) -> EvseState:
        """Step, commit, perform. Returns the state after; transactions that end are read and closed first.

        Raises:
            IllegalTransition: If the event has no meaning now; nothing has changed.
            StoreError: If it could not be made durable; nothing has changed.
        """
        with concerning(evse=self.identity.evse_id, transaction=self.transaction_id):
            async with self._busy:
                await self._apply(event)
                await self._finish_ending()
                return self.state

    @property
    def signs(self) -> bool:
        """Whether the meter signs transactions."""
        return self._signing is not None

    @property
    def public_key(self) -> str | None:
        """The key (DER, hexadecimal) of a meter that signs, once it is known."""
        return None if self._signing is None else self._signing.public_key

    @property
    def signs_begin(self) -> bool:
        """Whether the meter signs what a transaction begins with, and not only the end of it."""
        return self._signing is not None and self._signing.signs_begin

    @property
    def has_lock(self) -> bool:
        """Whether the plug can be held here."""
        return self._lock is not None

    @property
    def status(self) -> ConnectorStatus:
        """The connector's status as a driver would find it (G01)."""
        status = self.state.status
        if status == "Occupied" and self.state.is_detached and self.identity.has_fixed_cable:
            status = "Available"  # what the vehicle left behind is the station's own (TC_E_26)
        is_free = status in ("Available", "Reserved") and not self.state.is_in_use
        return "Unavailable" if self.is_closing and is_free else status

    @property
    def view(self) -> ConnectorView:
        """The connector as it is to be shown and told."""
        return ConnectorView(
            evse_id=self.identity.evse_id,
            connector_id=self.identity.connector_id,
            status=self.status,
            charging_state=self.state.charging_state,
            has_driver=self.has_driver,
            has_finished=self.state.has_finished or self.state.is_ending or self.state.kept_for is not None,
            has_vehicle=self.state.has_vehicle,
            is_left=self.state.is_detached,
            fault=self.state.fault,
            is_loose=self.state.bolt == "failed",
        )

    @property
    def is_closing(self) -> bool:
        """Whether a reset or an installation waits for the end of what goes on here: nobody may start."""
        return bool(self._closed_for)

    def close(self, *, is_closed: bool, what: Literal["reset", "firmware"] = "reset") -> None:
        """Be Unavailable once free because of this (B12, L01.FR.07), or because of this no longer."""
        if is_closed:
            self._closed_for.add(what)
        else:
            self._closed_for.discard(what)
        self._upstream.evse_changed(self.identity.evse_id)

    async def begin_anew(self) -> None:
        """Be as after a start: no power, the stored state, and devices of which nothing is known yet.

        Raises:
            StoreError: If the stored state cannot be read.
        """
        with concerning(evse=self.identity.evse_id):
            await self._begin_anew()

    async def _begin_anew(self) -> None:
        async with self._busy:
            await self._power.off(POWER_OFF_TIMEOUT_S)
            self.state = await self._journal.load(self.identity.evse_id)
            self._power.doubt()
            self._occurrences.resume()
            self._energy.resume(self.state.transaction)
            self.pricing.resume(self.state.transaction)
            self._want_power()
        self._upstream.evse_changed(self.identity.evse_id)

    async def stop(self) -> None:
        """Take the power away before the agent goes; a transaction stays open and resumes."""
        with concerning(evse=self.identity.evse_id):
            await self._power.retire(POWER_OFF_TIMEOUT_S)

    async def open_bolt(self) -> bool:
        """Let the plug go, and return whether it is loose; never while power may be on.

        Nobody must be charging here.
        """
        if self._lock is None or not await self._power.off(POWER_OFF_TIMEOUT_S):
            return False
        return await self._lock.open_now()

    @property
    def lock(self) -> PlugLock | None:
        """The bolt that holds the plug here, if there is one."""
        return self._lock

    @property
    def limit_a(self) -> int:
        """The current (A per phase) that the vehicle may draw here as long as power is wanted."""
        return self._limit_a

    @property
    def transaction_id(self) -> str | None:
        """The transaction that runs here."""
        return None if self.state.transaction is None else self.state.transaction.id

    @property
    def charging_since(self) -> datetime | None:
        """When the transaction's vehicle could first have drawn energy."""
        return None if self.state.transaction is None else self.state.transaction.powered_at

    @property
    def soc(self) -> int | None:
        """The charge of the vehicle's battery in percent, as somebody who speaks with it said last."""
        return self._soc

    def tell_soc(self, soc: int) -> None:
        """Take note of the charge of the vehicle's battery, until it leaves."""
        self._soc = soc

    @property
    def has_driver(self) -> bool:
        """Whether a driver is authorized here."""
        return self.state.authorization is not None

    @property
    def could_charge(self) -> bool:
        """Whether energy would be offered here if the limit allowed it."""
        return self.state.could_charge

    @property
    def unconfirmed_a(self) -> int:
        """What may be drawn here although nothing is wanted (A per phase): its controller does not answer."""
        is_lost = self._power.stays_s > 0 and not self.state.wants_power
        return self.identity.limit_a if is_lost else 0

    @property
    def drawn_a(self) -> Decimal | None:
        """The highest current of a phase; None if it is not known or the vehicle may still be changing it."""
        if self._clock.instant().monotonic_s - self._limited_s < _VEHICLE_SETTLES_S:
            return None
        return self._energy.highest_current_a() if self.state.charging_state == "Charging" else None

    @property
    def switches_phases(self) -> bool:
        """Whether the vehicle can be put on one phase."""
        return self.phases is not None

    def reckon_phases(self, allowed: int) -> int:
        """Take note that so many phases may be used, and return for how many a power is to be reckoned.

        A vehicle that was seen to use more than the limit was meant for counts with what it uses.
        """
        if self.phases is not None:
            return self.phases.reckon(allowed)
        transaction = self.state.transaction
        seen = 0 if transaction is None else transaction.phases_used or 0
        return max(allowed, seen)

    async def limit(self, limit_a: int) -> None:
        """Let the vehicle draw at most `limit_a` from now on; less than a pilot can offer is nothing.

        Raises:
            StoreError: If the new state could not be made durable; then no power is offered at all.
        """
        if self.phases is not None:
            self.phases.limited()
        if limit_a == self._limit_a:
            return
        with concerning(evse=self.identity.evse_id, transaction=self.transaction_id):
            await self._limit(limit_a)

    async def _limit(self, limit_a: int) -> None:
        async with self._busy:
            before_a, self._limit_a = self._limit_a, limit_a
            self._limited_s = self._clock.instant().monotonic_s
            percent = Decimal(self.settings.text("SmartChargingCtrlr.LimitChangeSignificance"))
            is_worth_telling = is_significant(Decimal(before_a), Decimal(limit_a), percent)
            await self._apply_if_possible(
                LimitChanged(
                    at=self._clock.now(),
                    is_limited=limit_a < LOWEST_A,
                    is_significant=is_worth_telling and self.state.power_is_on,
                )
            )
            self._want_power()

    async def change_tariff(self, tariff: Tariff) -> None:
        """Price the running transaction by another tariff from now on, and tell so (I11).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        async with self._busy:
            self.pricing.follow(self.state, self._clock.now())
            before = self.pricing.bill
            self.pricing.change(tariff)
            try:
                await self._apply(CostDue(at=self._clock.now(), trigger="TariffChanged"))
            except StoreError:
                self.pricing.restore(before)
                raise

    @property
    def counted_mwh(self) -> int | None:
        """The latest count of the meter that can be believed."""
        return self._energy.counted_mwh

    def latest_sample(self, measurands: tuple[str, ...], context: SampleContext) -> Sample | None:
        """Return the meter's latest values, or None if it is silent or nothing it says can be believed."""
        return self._energy.latest_sample(measurands, context)

    @property
    def still(self) -> asyncio.Lock:
        """Held, nothing happens at this EVSE."""
        return self._busy

    def retime(self, state: EvseState | None, step: timedelta) -> None:
        """Go on after the clock was set by `step`, with a state whose times have moved; held `still`."""
        self.state = state or self.state
        self.pricing.retime(step)
        self._last_at = None if self._last_at is None else self._last_at + step

    def _stamped(self, event: Event) -> Event:
        """Return an event that happens now; one from before the clock was set gets the time of now."""
        now = self._clock.now()
        is_stale = event.at < now - _STALE or (self._last_at is not None and event.at < self._last_at)
        if event.at > now or is_stale:
            event = replace(event, at=max(now, self._last_at or now))
        self._last_at = event.at
        return event

    async def _apply(self, event: Event, signed: SignedStart | None = None) -> None:
        """Apply an event; `signed` is what the meter has signed already for a transaction that starts."""
        event = self._stamped(event)
        new_id = str(uuid.uuid4()) if signed is None else signed.transaction_id
        after, report = step(self.state, event, self._points(), new_id)
        begin = None
        if report is not None and report.kind == "Started":
            begin = await self._energy.begin_reading()
            after = self._energy.begun(after, begin)
            after = await self._signed(after) if signed is None else signed.carried_by(after)
        if after == self.state and report is None:
            return
        self.pricing.follow(after, event.at)
        message = None if report is None else self._message(report, after, event, begin)
        await self._commit(after, report, message)

    async def _finish_ending(self) -> None:
        """Close a transaction whose stop point was reached: power off, final reading, Ended."""
        transaction = self.state.transaction
        if transaction is None or transaction.ending is None:
            return
        if not self.state.wants_power and not await self._withdrawal.is_over():
            return
        reading = await self._energy.final_reading()
        event = self._stamped(FinalReadingTaken(at=self._clock.now()))
        after, report = step(self.state, event, self._points(), "")
        if report is None:
            raise AssertionError("a final reading always ends the transaction that waits for it")
        signed = None if self._signing is None else await self._signing.ended(transaction)
        self.pricing.follow(self.state, event.at)
        message = self._message(report, self.state, event, reading, signed)
        message = ending_with(message, await self._collector.collected(transaction))
        await self._commit(after, report, message)
        self.pricing.ended(transaction.id, message.cost)
        if self._signing is not None:
            await self._signing.confirmed()

    async def _signed(self, state: EvseState) -> EvseState:
        """Return the state with its transaction begun at a meter that signs, if energy is wanted for it."""
        return state if self._signing is None else await self._signing.begun(state)

    async def _commit(
        self, after: EvseState, report: Report | None, message: TransactionEvent | None
    ) -> None:
        after = self.pricing.marked(self._energy.marked(after))
        try:
            await self._journal.commit(self.identity.evse_id, after, message)
        except StoreError:
            self._is_recording = False
            self._power.want(0)  # no energy flows that nobody could account for
            raise
        self._is_recording = True
        self._resumption.marked()
        log_change(self.identity.evse_id, self.state, after, report)
        if self.state.pilot is Pilot.A and after.pilot is not Pilot.A:
            self.arrivals += 1
            self._soc = None
        if after.phase is not self.state.phase:
            self._occurrences.phase_began()
        self.state = after
        self._want_power()
        self._upstream.evse_changed(self.identity.evse_id)

    def _want_power(self) -> None:
        """Offer energy if the state wants it, but none before the meter counts it, and signs if it can."""
        transaction = self.state.transaction
        is_counted = transaction is None or transaction.register is not None
        is_signed = self._signing is None or (
            not self._signing.comes_first(self.state, self._points())
            if transaction is None
            else transaction.is_signed
        )
        is_switched = self.phases is None or self.phases.lets_through
        may_flow = self.state.wants_power and is_counted and is_signed and is_switched
        self._power.want(self._limit_a if may_flow else 0)
        self._want_bolt()

    def _want_bolt(self) -> None:
        """Have the plug held as long as the state wants it, and never let go while power may be on."""
        if self._lock is not None:
            has_power = self._lock.bolt == "held" and self._power.is_on is not False
            self._lock.want(is_held=self.state.wants_bolt or has_power)

    async def _observe(self) -> None:
        """Apply whatever comes about, until cancelled."""
        while True:
            await self._pilot.read()
            self._power.watched()
            self._want_bolt()
            with concerning(transaction=self.transaction_id):
                await self._look_around()
            self._alive()
            await asyncio.sleep(self.identity.period_s)

    async def _look_around(self) -> None:
        was_recording = self._is_recording
        try:
            async with self._busy:
                await self._catch_up()
                await self._finish_ending()
                for event in self._occurrences.events(lambda: self.state):
                    await self._apply_if_possible(event)
                await self._follow_bill()
                await self._follow_register()
                await self._follow_signing()
                if self._resumption.is_mark_due(self.state.transaction):
                    await self._commit(self.state, None, None)
                await self._collector.collect(self.state.transaction)
        except StoreError as error:
            if was_recording:
                log.error("%s: no power until this is cured: %s", self._name, error)

    async def _catch_up(self) -> None:
        """After a write that failed: go on where it did, once the store can be written again.

        A vehicle that left meanwhile has left, even if one stands there now: it may be another.
        """
        if not self._is_recording:
            await self._commit(self.state, None, None)
        if self._departure is not None:
            await self._apply_if_possible(self._departure)
            self._departure = None

    async def _follow_register(self) -> None:
        """Let a transaction have its first count as soon as there is one, and a new register a new start."""
        begun = self._energy.late_beginning(self.state)
        if begun is not None:
            await self._commit(begun, None, None)
        signed = await self._signed(self.state)
        if signed is not self.state:
            await self._commit(signed, None, None)
        if self.meter.broken is not None and self.state.transaction is None:
            self.meter.begin_anew()

    async def _follow_bill(self) -> None:
        """Bring the bill up to date, tell the backend what is due, and keep it before it is too far ahead."""
        self.pricing.follow(self.state, self._clock.now())
        due = self.pricing.due(self.state, self._clock.now())
        if due is not None:
            await self._apply_if_possible(due)
        elif self.pricing.is_to_be_kept:
            await self._commit(self.state, None, None)

    async def _follow_signing(self) -> None:
        """Begin a transaction with what the meter has signed."""
        if self._signing is None:
            return
        first = await self._signing.first(self.state, self._points())
        if first is not None:
            await self._apply(DataSigned(at=self._clock.now()), first)

    async def _apply_if_possible(self, event: Event) -> None:
        try:
            await self._apply(event)
        except IllegalTransition as refusal:
            log.debug("%s: %s", self._name, refusal)
        except StoreError:
            if isinstance(event, Unplugged | Detached):
                self._departure = self._departure or event
            raise
        await self._finish_ending()

    def _points(self) -> Points:
        return Points(
            start=parse_points(self.settings.text("TxCtrlr.TxStartPoint")),
            stop=parse_points(self.settings.text("TxCtrlr.TxStopPoint")),
        )

    def _message(
        self,
        report: Report,
        state: EvseState,
        event: Event,
        reading: MeterReading | None,
        signed: SignedReading | None = None,
    ) -> TransactionEvent:
        samples = self._energy.samples(report, state.transaction, event, reading)
        if self._signing is not None:
            is_start = report.kind == "Started"
            samples = self._signing.published(samples, state.transaction, signed, is_start=is_start)
        message = message_of(
            report,
            state.transaction,
            self.identity,
            samples,
            is_offline=not self._upstream.is_online,
            cable_limit_a=self._pilot.cable_limit_a,
        )
        tariff_id = None if self.pricing.bill is None else self.pricing.bill.tariff.id
        return replace(message, tariff_id=tariff_id, cost=self.pricing.told(report.kind, report.trigger))
