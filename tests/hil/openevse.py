"""An emulated OpenEVSE controller with its bay on a pseudo terminal, and the drivers on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import monotonic

from drivers.devices.openevse_controller import OpenEvseController
from drivers.devices.openevse_meter import OpenEvseMeter
from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.ev import EvSpec
from drivers.emulated.openevse import OpenEvse, Stored
from drivers.emulated.serial_device import SerialDevice
from drivers.modbus.transport import SerialSettings
from drivers.profiles.links import Heartbeat
from drivers.readings import Instant, Pilot
from drivers.serial.rapi_client import RapiClient

SETTINGS = SerialSettings(baud=115200, parity="N", stop_bits=1)
HEARTBEAT = Heartbeat(every_s=10, within_s=30, fallback_a=6)


class Clock:
    """The time of the electronics; `skip` lets some of it pass at once, for supervision that takes long."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def seconds(self) -> float:
        return monotonic() + self.ahead_s

    def instant(self) -> Instant:
        return Instant(self.seconds(), datetime.now(UTC))

    def skip(self, seconds: float) -> None:
        self.ahead_s += seconds


class Rig:
    def __init__(self, *, speed: float, heartbeat: Heartbeat | None, **board: object) -> None:
        self.clock = Clock()
        self.driver_clock = Clock()
        started_s = monotonic()
        self.bay = ChargingBay(
            "bay", clock_us=lambda: int((monotonic() - started_s) * speed * 1e6), ev=EvSpec(stored_kwh=0)
        )
        self.board = OpenEvse(self.bay, clock_s=self.clock.seconds, **board)  # type: ignore[arg-type]
        self.board.speak()  # it was switched on long before the driver came
        self.port = SerialDevice(self.board)
        self._heartbeat = heartbeat

    def connect(self) -> None:
        self.client = RapiClient(self.port.path, SETTINGS, self.driver_clock.instant, timeout_s=1)
        self.controller = OpenEvseController(self.client, self._heartbeat, self.driver_clock.instant)
        self.meter = OpenEvseMeter(self.client)

    @property
    def offered_a(self) -> int:
        """What the pilot offers, to the nearest ampere: its duty cycle is coarser than the limit."""
        return round(self.bay.offered_ma / 1000)

    async def until_pilot(self, pilot: Pilot) -> None:
        async with asyncio.timeout(10):
            while (await self.controller.read_pilot()).pilot is not pilot:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def rig(
    *, speed: float = 10, heartbeat: Heartbeat | None = HEARTBEAT, **board: object
) -> AsyncIterator[Rig]:
    one = Rig(speed=speed, heartbeat=heartbeat, **board)
    async with one.port:
        one.connect()
        try:
            yield one
        finally:
            one.client.close()


__all__ = ["HEARTBEAT", "Rig", "Stored", "rig"]
