"""Watches the control pilot, and says what changed."""

from __future__ import annotations

import logging
from collections.abc import Callable

from agent.station.events import Detached, Event, PilotChanged, PluggedIn, Unplugged
from agent.station.evse import EvseState, Phase
from agent.system.clock import StationClock
from agent.variables.model import DeviceModel
from drivers.ports import ChargeController, DeviceError
from drivers.readings import Pilot

log = logging.getLogger(__name__)

_VEHICLE = (Pilot.B, Pilot.C, Pilot.D)


class PilotWatch:
    """Compares what the hardware says with what the state knows.

    `lost` is called when the controller falls silent and when it is back: it may have forgotten everything.
    """

    def __init__(
        self,
        name: str,
        controller: ChargeController,
        clock: StationClock,
        settings: DeviceModel,
        lost: Callable[[], None],
    ) -> None:
        self._name = name
        self._controller = controller
        self._clock = clock
        self._settings = settings
        self._lost = lost
        self._heard_s = self._asked_s = clock.instant().monotonic_s
        self.has_lock = False
        """Whether a bolt can keep a cable in the socket."""
        self._is_silent = False
        self._pilot: Pilot | None = None
        self.cable_limit_a: int | None = None
        self.fault: str | None = None
        """What the controller said was wrong when it last answered."""

    async def read(self) -> None:
        """Read the pilot once; a controller that does not answer is reported once and tried on."""
        try:
            reading = await self._controller.read_pilot()
        except DeviceError as error:
            if not self._is_silent:
                log.warning("%s: no pilot reading: %s", self._name, error)
                self._lost()
            self._is_silent = True
            self._asked_s = self._clock.instant().monotonic_s
            return
        if self._is_silent:
            log.info("%s: the charge controller answers again", self._name)
            self._lost()
        self._is_silent = False
        self._heard_s = self._asked_s = self._clock.instant().monotonic_s
        self.cable_limit_a = reading.cable_limit_a
        self.fault = reading.fault
        self._pilot = reading.pilot

    @property
    def silent_s(self) -> float:
        """For how long the controller had not answered when it was last asked, in s."""
        return self._asked_s - self._heard_s

    @property
    def pilot(self) -> Pilot | None:
        """The latest pilot reading, None before the first."""
        return self._pilot

    def events(self, state: EvseState) -> list[Event]:
        """Return what the latest reading says that the state does not know yet."""
        pilot = self._pilot
        at = self._clock.now()
        had_vehicle = state.phase in (Phase.CABLE_ONLY, Phase.POWERED)
        if pilot in _VEHICLE and not had_vehicle:
            return [PluggedIn(at=at, pilot=pilot)]
        if pilot is Pilot.A and had_vehicle:
            ends = self._settings.flag("TxCtrlr.StopTxOnEVSideDisconnect")
            return [Unplugged(at=at, keeps_cable=self._keeps_cable(state)) if ends else Detached(at=at)]
        if pilot is not state.pilot and pilot in _VEHICLE:
            return [PilotChanged(at=at, pilot=pilot)]
        return []

    def _keeps_cable(self, state: EvseState) -> bool:
        """Whether the driver's cable stays locked in after the vehicle has gone (E09.FR.02, E09.FR.03)."""
        has_owner = state.authorization is not None or state.kept_for is not None
        return (
            self.has_lock and has_owner and not self._settings.flag("OCPPCommCtrlr.UnlockOnEVSideDisconnect")
        )
