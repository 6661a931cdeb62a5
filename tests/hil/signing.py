"""A signing meter on a pseudo terminal, its driver, and what can cut either off between two requests."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from drivers.devices.modbus_signed_meter import ModbusSignedMeter
from drivers.emulated.kinds.signing_meter import SigningMeter
from drivers.emulated.line import LineTiming
from drivers.emulated.lines import SerialLine
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import DeviceSpec, RigSpec, SerialSpec
from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import SerialEndpoint, transport_for
from drivers.modbus.line import running
from drivers.modbus.requests import Reply, Request
from drivers.modbus.transport import SerialSettings, Transport
from drivers.profiles.load import load_profile
from drivers.readings import Identification
from tests.real_time import clock

BAUD = 921600
PROFILES = functools.cache(load_profile)
START_MWH = 5_000_000_000
ANSWERS_S = 2.0
"""How long to wait for what answers: the emulated meter shares a busy machine with other tests."""
SILENT_S = 0.2
"""How long to wait where a reply does not come on purpose, and what is lost too much is asked again."""
WHO = Identification(
    transaction_id="3c0d1f7e-1111-4222-8333-444455556666",
    token="04A2B3C4D5E6F7",
    type="ISO14443",
    evse_id="DE*ABC*E1*1",
)


class Wire(Transport):
    """The real transport; `before` and `after` are called around each exchange, with its number from 1.

    If one of them returns True nothing more goes over the wire: the station is dead.
    """

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.requests: list[Request] = []
        self.before: Callable[[int, Request], bool] = lambda *_: False
        self.after: Callable[[int, Request], bool] = lambda *_: False

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def serial(self) -> SerialSettings | None:
        return self._inner.serial

    @property
    def numbered(self) -> bool:
        return self._inner.numbered

    @property
    def connected(self) -> bool:
        return self._inner.connected

    @property
    def quiet_since_s(self) -> float:
        return self._inner.quiet_since_s

    async def connect(self, timeout_s: float) -> str | None:
        return await self._inner.connect(timeout_s)

    async def exchange(self, request: Request, timeout_s: float) -> Reply:
        self.requests.append(request)
        number = len(self.requests)
        if self.before(number, request):
            await asyncio.Event().wait()
        reply = await self._inner.exchange(request, timeout_s)
        if self.after(number, request):
            await asyncio.Event().wait()
        return reply

    def drop(self) -> None:
        self._inner.drop()

    def close(self) -> None:
        self._inner.close()


class Place:
    """The meter, and a driver that can be made anew as often as the station restarts."""

    def __init__(self, rig: Rig, profile: str) -> None:
        self.rig = rig
        self.profile = PROFILES(profile)
        line = rig.lines["line"]
        assert isinstance(line, SerialLine)
        self.port = line.path
        self.device = rig.devices["meter"]
        assert isinstance(self.device.behaviour, SigningMeter)
        self.behaviour: SigningMeter = self.device.behaviour

    @property
    def unit(self) -> Any:
        """The signing unit, whichever it is, to look into."""
        return self.behaviour.signing

    @asynccontextmanager
    async def driver(self, timeout_s: float = ANSWERS_S) -> AsyncIterator[tuple[ModbusSignedMeter, Wire]]:
        settings = SerialSettings(baud=BAUD, parity="N", stop_bits=1)
        wire = Wire(transport_for(SerialEndpoint(port=self.port, settings=settings), clock))
        bus = Bus(wire)
        async with running(bus):
            unit = self.profile.modbus.unit
            yield ModbusSignedMeter(bus, unit, self.profile, clock=clock, timeout_s=timeout_s), wire

    def count(self, energy_mwh: int) -> None:
        """Let the meter's counter show this."""
        self.device.set_counter(energy_mwh)

    def blink(self) -> None:
        """Take the meter's power away and give it back."""
        self.device.cut_power()
        self.device.return_power()


@asynccontextmanager
async def place(profile: str, variant: str | None = None, *, signing_s: float = 0.0) -> AsyncIterator[Place]:
    shows = {"signature_type": variant} if variant else {}
    device = DeviceSpec(profile=profile, line="line", start_mwh=START_MWH, shows=shows)
    line = SerialSpec(timing=LineTiming(baud=BAUD))
    async with Rig(RigSpec(lines={"line": line}, devices={"meter": device})) as rig:
        here = Place(rig, profile)
        here.unit._meter = replace(here.behaviour.parts, signing_s=signing_s)
        yield here
