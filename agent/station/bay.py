"""Watches the bay of an EVSE through its sensor, and says when a vehicle has come or gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Final

from agent.station.events import Event, VehicleArrived, VehicleDeparted
from agent.station.evse import EvseState
from agent.system.clock import StationClock
from drivers.ports import BaySensor, DeviceError

log = logging.getLogger(__name__)

_EVERY_S: Final = 0.5


class BayWatch:
    """Believes the sensor once it has said the same for `settle_s`: a branch or a passer-by parks nowhere.

    `is_inverted`: what it calls occupied is free. A sensor that does not answer leaves things as they were.
    """

    def __init__(
        self, name: str, sensor: BaySensor, clock: StationClock, *, settle_s: float, is_inverted: bool
    ) -> None:
        self._name = name
        self._sensor = sensor
        self._clock = clock
        self._settle_s = settle_s
        self._is_inverted = is_inverted
        self._said: bool | None = None
        self._since_s = 0.0
        self.has_failed = False
        """Whether the sensor did not answer when it was last asked."""

    @property
    def is_taken(self) -> bool | None:
        """Whether a vehicle is there; None as long as the sensor has not made up its mind."""
        is_settled = self._now_s() - self._since_s >= self._settle_s
        return self._said if is_settled else None

    async def run(self) -> None:
        """Ask the sensor again and again, until cancelled."""
        while True:
            await self.read()
            await asyncio.sleep(_EVERY_S)

    async def read(self) -> None:
        """Ask the sensor once; that it does not answer is logged once."""
        try:
            reading = await self._sensor.read_occupancy()
        except DeviceError as error:
            if not self.has_failed:
                log.warning("%s: the bay's sensor does not answer: %s", self._name, error)
            self.has_failed = True
            return
        if self.has_failed:
            log.info("%s: the bay's sensor answers again", self._name)
        self.has_failed = False
        says = reading.is_occupied is not self._is_inverted
        if says is not self._said:
            self._said, self._since_s = says, self._now_s()

    def events(self, state: EvseState) -> Iterator[Event]:
        """Yield what the sensor says that the state does not know yet."""
        if self.is_taken is not None and self.is_taken is not state.has_vehicle:
            kind = VehicleArrived if self.is_taken else VehicleDeparted
            yield kind(at=self._clock.now())

    def _now_s(self) -> float:
        return self._clock.instant().monotonic_s
