"""Drives one EVSE: observes the hardware, has what happens recorded (`recording.py`), then performs.

Events are applied one at a time. After a restart the service performs whatever the stored state wants and
finishes a transaction that was ending.
"""

from __future__ import annotations

import asyncio
import logging
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
from agent.station.connector import ConnectorView
from agent.station.energy import EvseEnergy
from agent.station.events import Event, LimitChanged
from agent.station.evse import ConnectorStatus, EvseState
from agent.station.gate import Gate
from agent.station.identity import EvseIdentity
from agent.station.occurrences import Occurrences
from agent.station.phases import PhaseChanger
from agent.station.power import PowerSwitch
from agent.station.pricing import EvsePricing, kind_of
from agent.station.quota import Quota
from agent.station.recording import Books, Recorder
from agent.station.signal import DigitalSignal
from agent.station.signing import EvseSigning
from agent.station.speech import VehicleSpeech
from agent.station.watch import PilotWatch
from agent.station.withdrawal import POWER_OFF_TIMEOUT_S, Withdrawal
from agent.store.database import StoreError
from agent.store.journal import Journal
from agent.system.clock import StationClock
from agent.system.concerning import concerning
from agent.tariffs.tariff import Tariff
from agent.transactions.records import Sample, SampleContext, StopReason
from agent.variables.model import DeviceModel
from drivers.ports import BaySensor, ChargeController, ConnectorLock, DigitalPilot, PhaseSwitch
from drivers.readings import Pilot

log = logging.getLogger(__name__)

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
        self.arrivals = 0
        """How often a vehicle was plugged in since the agent started."""
        self.meter = meter
        self._clock = clock
        self.settings = settings
        self._upstream = upstream
        self._alive = alive
        self._name = f"EVSE {identity.evse_id}"
        self._energy = EvseEnergy(self._name, meter, clock, settings)
        kind = kind_of(identity.connector_type)
        self.pricing = EvsePricing(identity.evse_id, kind, self._energy, clock, settings)
        self._busy = asyncio.Lock()
        self._power = PowerSwitch(self._name, controller, clock)
        self._gate = Gate(self._power)
        self._limit_a = identity.limit_a
        self._pilot = PilotWatch(self._name, controller, clock, settings, self._gate.doubt)
        self.speech: VehicleSpeech | None = None
        """What the vehicle says over ISO 15118, where vehicles can speak."""
        self.bay: BayWatch | None = None
        """Whoever looks whether a vehicle stands here, if anybody does."""
        self._occurrences = Occurrences(
            identity, self._pilot, self._power, meter, self._energy, clock, settings
        )
        self._closed_for: set[str] = set()
        self._is_resting = False
        self._limited_s = clock.instant().monotonic_s
        self._soc: int | None = None
        self.quota = Quota(clock, lambda: self.counted_mwh, lambda: self._soc)
        self._occurrences.quota = self.quota
        self._recorder = Recorder(self._books(journal), self)

    def _books(self, journal: Journal) -> Books:
        return Books(
            identity=self.identity,
            meter=self.meter,
            energy=self._energy,
            pricing=self.pricing,
            journal=journal,
            clock=self._clock,
            settings=self.settings,
            withdrawal=Withdrawal(self._name, self.identity, self._power, self._clock),
            is_online=lambda: self._upstream.is_online,
            cable_limit_a=lambda: self._pilot.cable_limit_a,
        )

    @property
    def state(self) -> EvseState:
        """What the EVSE is in the middle of; it is durable."""
        return self._recorder.state

    def sign_with(self, notary: Notary, place: str) -> None:
        """Have the meter sign every transaction; `place` is what its records are to call this EVSE."""
        self._recorder.signing = EvseSigning(self._name, notary, place, self._clock, self.settings)

    def hold_with(self, lock: ConnectorLock) -> None:
        """Have a bolt hold the plug while somebody charges: without it no energy is offered (G05.FR.01)."""
        self._gate.lock = self._occurrences.lock = PlugLock(self._name, lock, self._clock)
        self._pilot.has_lock = True

    def watch_bay_with(self, sensor: BaySensor, *, settle_s: float, is_inverted: bool) -> None:
        """Have a sensor say whether a vehicle stands in the bay, once it says so for `settle_s`."""
        watch = BayWatch(self._name, sensor, self._clock, settle_s=settle_s, is_inverted=is_inverted)
        self.bay = self._occurrences.bay = watch

    def switch_phases_with(self, switch: PhaseSwitch) -> None:
        """Have the vehicle use one phase or three, as the limits say."""
        self._gate.phases = PhaseChanger(
            self._name,
            switch,
            self._power,
            lambda: self._pilot.silent_s,
            self._clock,
            self.settings,
            self._want_power,
        )

    def listen(self, *, basic_after_s: float | None, pilot: DigitalPilot | None) -> VehicleSpeech:
        """Let vehicles speak: energy flows to one that asks for it, or has been silent for so long.

        `pilot` demands of them that they do, where that is not the modem's own doing.
        """
        self.speech = self._occurrences.speech = VehicleSpeech(self._name, self._clock, basic_after_s)
        if pilot is not None:
            self._gate.signal = DigitalSignal(self._name, pilot, self._clock, self._want_power)
        return self.speech

    async def resume(self, interrupted_by: StopReason = "PowerLoss", *, is_told: bool = False) -> None:
        """Take over the stored state, before anything else is asked of this EVSE.

        How long its phase lasts is counted anew: how long the station was off is not known for sure. A
        transaction that was interrupted for too long ends, and why is `interrupted_by`. `is_told`: whether
        the backend has a word for one that goes on.

        Raises:
            StoreError: If the stored state cannot be read.
        """
        with concerning(evse=self.identity.evse_id):
            await self._resume(interrupted_by, is_told=is_told)

    async def _resume(self, interrupted_by: StopReason, *, is_told: bool) -> None:
        stored = await self._recorder.load()
        stored = replace(stored, bolt="none" if self.lock is None else "open")
        self._recorder.take_over(replace(stored, speech="silent" if self.speech is None else "awaited"))
        self._occurrences.resume()
        await self._recorder.end_if_interrupted(interrupted_by)
        await self._recorder.go_on(is_told=is_told)
        self._want_power()
        self._upstream.evse_changed(self.identity.evse_id)

    async def run(self) -> None:
        """Serve until cancelled."""
        with concerning(evse=self.identity.evse_id):
            await self._run()

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._power.run(), name=f"{self._name} power")
            for what, part in self._gate.parts():
                tasks.create_task(part.run(), name=f"{self._name} {what}")
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
                await self._recorder.apply(event)
                await self._recorder.finish_ending()
                return self.state

    async def heed(self) -> None:
        """Act at once on what the vehicle has just said.

        Raises:
            StoreError: If it could not be made durable; then no power is offered at all.
        """
        if self.speech is not None:
            with concerning(evse=self.identity.evse_id, transaction=self.transaction_id):
                async with self._busy:
                    for event in self.speech.events(self.state):
                        await self._recorder.apply_if_possible(event)

    @property
    def power_is_on(self) -> bool | None:
        """What the charge controller last confirmed; None while that is in doubt."""
        return self._power.is_on

    @property
    def cable_limit_a(self) -> int | None:
        """What the cable carries (A), if the charge controller can tell."""
        return self._pilot.cable_limit_a

    @property
    def signs(self) -> bool:
        """Whether the meter signs transactions."""
        return self._recorder.signing is not None

    @property
    def public_key(self) -> str | None:
        """The key (DER, hexadecimal) of a meter that signs, once it is known."""
        return None if self._recorder.signing is None else self._recorder.signing.public_key

    @property
    def signs_begin(self) -> bool:
        """Whether the meter signs what a transaction begins with, and not only the end of it."""
        return self._recorder.signing is not None and self._recorder.signing.signs_begin

    @property
    def has_lock(self) -> bool:
        """Whether the plug can be held here."""
        return self.lock is not None

    @property
    def status(self) -> ConnectorStatus:
        """The connector's status as a driver would find it (G01)."""
        status = self.state.status
        if status == "Occupied" and self.state.is_detached and self.identity.has_fixed_cable:
            status = "Available"  # what the vehicle left behind is the station's own (TC_E_26)
        is_over = not self.state.is_in_use or self.state.is_left
        is_free = status in ("Available", "Reserved") and is_over
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
            self._recorder.take_over(await self._recorder.load())
            self._power.doubt()
            self._occurrences.resume()
            await self._recorder.go_on(is_told=True)
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
        if self.lock is None or not await self._power.off(POWER_OFF_TIMEOUT_S):
            return False
        return await self.lock.open_now()

    @property
    def lock(self) -> PlugLock | None:
        """The bolt that holds the plug here, if there is one."""
        return self._gate.lock

    @property
    def phases(self) -> PhaseChanger | None:
        """What switches between three phases and one, if anything does."""
        return self._gate.phases

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
            await self._recorder.apply_if_possible(
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
            await self._recorder.change_tariff(tariff)

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
        self._recorder.retime(state, step)

    def changed(self, before: EvseState) -> None:
        """Perform what the state wants now (`recording.Performer`)."""
        if before.pilot is Pilot.A and self.state.pilot is not Pilot.A:
            self.arrivals += 1
            self._soc = None
        self._gate.woken(before, self.state)
        if self.state.phase is not before.phase:
            self._occurrences.phase_began()
        self._want_power()
        self._upstream.evse_changed(self.identity.evse_id)

    def unrecorded(self) -> None:
        """Offer no energy: nobody could account for it."""
        self._power.want(0)

    def _want_power(self) -> None:
        """Offer energy if the state wants it, but none that nobody accounts for."""
        self._is_resting = self._recorder.resumption.rests
        is_ready = self._recorder.may_be_supplied and not self._is_resting
        self._gate.want(self.state, self._limit_a, is_ready=is_ready)

    async def _observe(self) -> None:
        """Apply whatever comes about, until cancelled."""
        while True:
            await self._pilot.read()
            self._power.watched()
            self._gate.hold(self.state)
            with concerning(transaction=self.transaction_id):
                await self._look_around()
            self._alive()
            await asyncio.sleep(self.identity.period_s)

    async def _look_around(self) -> None:
        recorder = self._recorder
        was_recording = recorder.is_recording
        try:
            async with self._busy:
                await recorder.catch_up()
                await recorder.finish_ending()
                for event in self._occurrences.events(lambda: self.state):
                    await recorder.apply_if_possible(event)
                if self._is_resting and not recorder.resumption.rests:
                    self._want_power()
                await recorder.follow()
        except StoreError as error:
            if was_recording:
                log.error("%s: no power until this is cured: %s", self._name, error)
