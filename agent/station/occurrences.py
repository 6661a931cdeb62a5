"""What has come about at an EVSE that its state does not know yet: by its hardware, and as time went by."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from agent.metering.phases import PhaseCount
from agent.metering.poller import MeterPoller
from agent.station.bay import BayWatch
from agent.station.bolt import PlugLock
from agent.station.energy import EvseEnergy
from agent.station.events import (
    BoltReported,
    Event,
    FaultCleared,
    FaultFound,
    PhasesCounted,
    PowerReported,
    SampleDue,
    Terminated,
    TurnPassed,
    Withdrawn,
)
from agent.station.evse import EvseState, Phase
from agent.station.faults import CONTROLLER_SILENCE_S, YOUNG_S, Observed, fault_of
from agent.station.identity import EvseIdentity
from agent.station.power import PowerSwitch
from agent.station.quota import Quota
from agent.station.speech import VehicleSpeech
from agent.station.tolerance import tolerance_end
from agent.station.watch import PilotWatch
from agent.system.clock import StationClock
from agent.variables.model import DeviceModel

_VEHICLE_TURN_S = 5.0
"""How long a vehicle may take to ask for the power it is offered before it counts as suspended by the EV."""


class Occurrences:
    """Turns what the pilot, the power switch, the meter and the clock say into events."""

    def __init__(
        self,
        identity: EvseIdentity,
        pilot: PilotWatch,
        power: PowerSwitch,
        meter: MeterPoller,
        energy: EvseEnergy,
        clock: StationClock,
        settings: DeviceModel,
    ) -> None:
        self._identity = identity
        self._pilot = pilot
        self._power = power
        self._meter = meter
        self._energy = energy
        self._clock = clock
        self._settings = settings
        self.lock: PlugLock | None = None
        """The bolt that holds the plug, if there is one."""
        self._phases = PhaseCount()
        self.bay: BayWatch | None = None
        """Whoever looks whether a vehicle stands here, if anybody does."""
        self.quota: Quota | None = None
        """Whoever knows how far the transaction may go."""
        self.speech: VehicleSpeech | None = None
        """Whoever knows what the vehicle says, where vehicles can speak."""
        self._stray_since_s: float | None = None
        self._started_s = self._sampled_s = self._phase_since_s = self._now_s()

    def resume(self) -> None:
        """Count the time of phase and samples anew: how long the station was off is not known."""
        self._sampled_s = self._phase_since_s = self._now_s()

    def phase_began(self) -> None:
        """Count the time of the phase from now."""
        self._phase_since_s = self._now_s()

    def events(self, state: Callable[[], EvseState]) -> Iterator[Event]:
        """Yield what has come about; each is looked for in the state that the one before left behind."""
        yield from self._pilot.events(state())
        if self.bay is not None:
            yield from self.bay.events(state())
        yield from self._faults(state())
        now = self._clock.now()
        if self._meter.broken is not None and state().transaction is not None:
            yield Terminated(at=now, trigger="AbnormalCondition", reason="Other")
        yield from self._reported(state)
        if self._turn_has_passed(state()):
            yield TurnPassed(at=now)
        if (end := tolerance_end(state(), self._energy.counted_mwh, self._settings, now)) is not None:
            yield end
        if self.quota is not None:
            yield from self.quota.events(state())
        if self._cable_is_late(state()):
            yield Withdrawn(at=now, trigger="EVConnectTimeout", reason="Timeout")
        yield from self._phases_counted(state())
        if self._sample_is_due(state()):
            self._sampled_s = self._now_s()
            yield SampleDue(at=now, trigger="MeterValuePeriodic")

    def _reported(self, state: Callable[[], EvseState]) -> Iterator[Event]:
        """Yield what controller, bolt and vehicle say of themselves."""
        now = self._clock.now()
        if self._power.is_on is not None and self._power.is_on != state().power_is_on:
            yield PowerReported(at=now, is_on=self._power.is_on)
        if self.lock is not None and self.lock.bolt != state().bolt:
            yield BoltReported(at=now, bolt=self.lock.bolt)
        if self.speech is not None:
            yield from self.speech.events(state())

    def _now_s(self) -> float:
        return self._clock.instant().monotonic_s

    def _faults(self, state: EvseState) -> Iterator[Event]:
        fault = fault_of(self._observed(state))
        if fault != state.fault:
            now = self._clock.now()
            yield FaultCleared(at=now) if fault is None else FaultFound(at=now, fault=fault)

    def _observed(self, state: EvseState) -> Observed:
        watchdog_s = self._identity.watchdog_s
        running_s = self._now_s() - self._started_s
        return Observed(
            pilot=self._pilot.pilot or state.pilot,
            controller_fault=self._pilot.fault,
            controller_silent_s=self._pilot.silent_s,
            controller_patience_s=min(CONTROLLER_SILENCE_S, watchdog_s or CONTROLLER_SILENCE_S),
            power_stays_s=self._power.stays_s,
            current_stays_s=self._current_stays_s(),
            meter_silent_s=min(self._meter.age_s(), running_s),
            count_age_s=min(self._meter.count_age_s(), running_s),
        )

    def _current_stays_s(self) -> float:
        """For how long current has been flowing that nobody offers: a contactor has welded, or worse."""
        now_s = self._now_s()
        is_stray = self._identity.has_own_meter and self._power.off_s > 0 and self._energy.current_flows()
        self._stray_since_s = (self._stray_since_s or now_s) if is_stray else None
        return 0.0 if self._stray_since_s is None else now_s - self._stray_since_s

    def _turn_has_passed(self, state: EvseState) -> bool:
        """Whether the vehicle leaves the offered power alone (E01.FR.19)."""
        if state.phase is not Phase.POWERED or not state.power_is_on or state.vehicle_had_turn:
            return False
        if state.speech == "prepares":
            return False
        return self._phase_age_s() > _VEHICLE_TURN_S

    def _cable_is_late(self, state: EvseState) -> bool:
        """Whether a driver took longer than EVConnectionTimeOut to plug in, for the first time or again.

        E03.FR.05, F02.FR.07. E10.FR.02: a vehicle that left a fixed cable is waited for as long, and told in
        the same words (TC_E_27); a cable of its own stays in the socket until the driver comes.
        """
        timeout_s = self._settings.integer("TxCtrlr.EVConnectionTimeOut")
        if state.phase is not Phase.DRIVER_ONLY or timeout_s == 0:
            return False
        if state.is_detached and not self._identity.has_fixed_cable:
            return False
        return self._phase_age_s() > timeout_s

    def _phases_counted(self, state: EvseState) -> Iterator[Event]:
        """Yield on how many phases the vehicle charges if that is steady and not told yet."""
        is_charging = state.charging_state == "Charging"
        count = self._phases.note(self._energy.phases_drawn() if is_charging else None, self._now_s())
        transaction = state.transaction
        if count is not None and transaction is not None and count != transaction.phases_used:
            yield PhasesCounted(at=self._clock.now(), phases_used=count)

    def _phase_age_s(self) -> float:
        return self._now_s() - self._phase_since_s

    def _sample_is_due(self, state: EvseState) -> bool:
        """Whether TxUpdatedInterval has passed and the meter has said something believable since (J02)."""
        interval_s = self._settings.integer("SampledDataCtrlr.TxUpdatedInterval")
        has_measurands = bool(self._settings.members("SampledDataCtrlr.TxUpdatedMeasurands"))
        if state.transaction is None or interval_s == 0 or not has_measurands:
            self._sampled_s = self._now_s()
            return False
        return self._now_s() - self._sampled_s >= interval_s and self._meter.age_s() < YOUNG_S
