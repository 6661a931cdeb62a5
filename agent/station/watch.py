"""Watches the control pilot and the devices behind it, and says what changed."""

from __future__ import annotations

import logging
from collections.abc import Callable

from agent.station.evse import (
    Detached,
    Event,
    EvseState,
    FaultCleared,
    FaultFound,
    Phase,
    PilotChanged,
    PluggedIn,
    Unplugged,
)
from agent.system.clock import StationClock
from agent.variables.model import DeviceModel
from drivers.ports import ChargeController, DeviceError
from drivers.readings import Pilot

log = logging.getLogger(__name__)

CONTROLLER_SILENCE_S = 3.0
METER_SILENCE_S = 15.0
YOUNG_S = 5.0
"""A reading no older than this says what is now."""
METER_SILENT = "the energy meter does not answer"
METER_DOUBTED = "the energy meter's count cannot be believed"

_VEHICLE = (Pilot.B, Pilot.C, Pilot.D)


class PilotWatch:
    """Compares what the hardware says with what the state knows."""

    def __init__(
        self,
        name: str,
        controller: ChargeController,
        clock: StationClock,
        settings: DeviceModel,
        came_back: Callable[[], None],
    ) -> None:
        self._name = name
        self._controller = controller
        self._clock = clock
        self._settings = settings
        self._came_back = came_back
        self._heard_s = clock.instant().monotonic_s
        self._started_s = self._heard_s
        self._is_silent = False
        self._pilot: Pilot | None = None
        self.cable_limit_a: int | None = None

    async def read(self) -> None:
        """Read the pilot once; a controller that does not answer is reported once and tried on."""
        try:
            reading = await self._controller.read_pilot()
        except DeviceError as error:
            if not self._is_silent:
                log.warning("%s: no pilot reading: %s", self._name, error)
            self._is_silent = True
            return
        if self._is_silent:
            log.info("%s: the charge controller answers again", self._name)
            self._came_back()
        self._is_silent = False
        self._heard_s = self._clock.instant().monotonic_s
        self.cable_limit_a = reading.cable_limit_a
        self._pilot = reading.pilot

    def events(self, state: EvseState, meter_age_s: float, count_age_s: float) -> list[Event]:
        """Return what the latest reading says that the state does not know yet.

        The ages are those of the meter's latest reading, and of the latest whose count can be believed.
        """
        now_s = self._clock.instant().monotonic_s
        events = [] if self._pilot is None else self._pilot_events(state, self._pilot)
        fault = self._controller_fault(self._pilot or state.pilot, now_s)
        if fault is None and min(count_age_s, now_s - self._started_s) > METER_SILENCE_S:
            fault = METER_SILENT if meter_age_s > YOUNG_S else METER_DOUBTED
        if fault != state.fault:
            at = self._clock.now()
            events.append(FaultCleared(at=at) if fault is None else FaultFound(at=at, fault=fault))
        return events

    def _pilot_events(self, state: EvseState, pilot: Pilot) -> list[Event]:
        at = self._clock.now()
        had_vehicle = state.phase in (Phase.CABLE_ONLY, Phase.POWERED)
        if pilot in _VEHICLE and not had_vehicle:
            return [PluggedIn(at=at, pilot=pilot)]
        if pilot is Pilot.A and had_vehicle:
            ends = self._settings.flag("TxCtrlr.StopTxOnEVSideDisconnect")
            return [Unplugged(at=at) if ends else Detached(at=at)]
        if pilot is not state.pilot and pilot in _VEHICLE:
            return [PilotChanged(at=at, pilot=pilot)]
        return []

    def _controller_fault(self, pilot: Pilot, now_s: float) -> str | None:
        if now_s - self._heard_s > CONTROLLER_SILENCE_S:
            return "the charge controller does not answer"
        if pilot in (Pilot.E, Pilot.F):
            return f"control pilot {pilot.value}"
        return None
