"""Lines of devices that have theirs to themselves, and the faults that can befall what they say."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Final

from drivers.emulated.device import EmulatedDevice
from drivers.emulated.exchange import Message, Sending
from drivers.emulated.faults.book import FaultBook
from drivers.emulated.faults.requests import Silence
from drivers.emulated.faults.wire import BitFlip, Delay, Duplicate, LeadingNoise, LostReply, Truncate
from drivers.emulated.lines import TcpLine
from drivers.emulated.rig_spec import LineSpec, RigError, SerialSpec, TcpSpec
from drivers.emulated.serial_device import Chatty, SerialDevice
from drivers.emulated.web import WebReply, WebRequest, WebServer

ON_ANY_WIRE: Final = (BitFlip, Delay, Duplicate, LeadingNoise, LostReply, Truncate)
"""Faults of the wire that are not about Modbus; of the others none befalls such a device."""
_NO_REQUEST: Final = Message(unit=0, pdu=b"")


class Spoiler:
    """Lets the faults that are set for one device have their way with what it says."""

    def __init__(self, device: str, faults: FaultBook, clock_s: Callable[[], float]) -> None:
        self._device = device
        self._faults = faults
        self._clock_s = clock_s

    def sendings(self, data: bytes) -> tuple[Sending, ...]:
        """Return what goes on the wire instead, in which portions and how late."""
        sendings: tuple[Sending, ...] = (Sending(data=data),)
        if not self._faults:
            return sendings
        for armed in self._faults.striking(self._device, None, (), self._clock_s()):
            fault = armed.injection.fault
            if isinstance(fault, Silence):
                return ()
            if isinstance(fault, ON_ANY_WIRE):
                sendings = fault.damage(sendings, _NO_REQUEST, armed.rng)
        return sendings


class OwnSerialLine:
    """A pseudo terminal with one device that is no Modbus slave."""

    def __init__(self, device: EmulatedDevice, firmware: Chatty, spec: SerialSpec, says: str) -> None:
        self._spec = spec
        self._says = says
        self._port = SerialDevice(_Powered(device, firmware), baud=spec.timing.baud, link=spec.link)

    def spoil(self, spoiler: Spoiler) -> None:
        """Let faults have their way with what the device says."""
        self._port.sendings = spoiler.sendings

    @property
    def path(self) -> str:
        """What a master opens."""
        return self._port.path

    @property
    def where(self) -> str:
        """Path and settings."""
        return f"{self._port.path}  {self._says}, {self._spec.timing.baud} baud 8N1"

    async def open(self) -> None:
        """Make the pseudo terminal."""
        if not self._port.is_open:
            self._port.open()

    async def close(self) -> None:
        """Remove the pseudo terminal; a master that has it open hears that it is gone."""
        await self._port.close()

    def drop_packets(self, dropping: bool) -> None:
        """Have no connections."""


class WebLine(TcpLine):
    """A web address with one device behind it."""

    def __init__(
        self, device: EmulatedDevice, answer: Callable[[WebRequest], WebReply], spec: TcpSpec
    ) -> None:
        tls = None
        if spec.tls is not None:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.set_ciphers("DEFAULT:@SECLEVEL=1")  # for a certificate as short as the real device's
            tls.load_cert_chain(spec.tls.certificate, spec.tls.key)
        self._web = WebServer(answer, host=spec.host, port=spec.port, tls=tls)
        self._web.answers = lambda: device.answers
        super().__init__(self._web, "HTTP" if tls is None else "HTTPS")

    def spoil(self, spoiler: Spoiler) -> None:
        """Let faults have their way with what the device says."""
        self._web.sendings = spoiler.sendings


class _Powered:
    """A device's firmware as far as it has power and its cable is whole."""

    def __init__(self, device: EmulatedDevice, firmware: Chatty) -> None:
        self._device = device
        self._firmware = firmware

    def hear(self, data: bytes) -> bytes:
        """Hear only while it answers at all."""
        return self._firmware.hear(data) if self._device.answers else b""

    def speak(self) -> bytes:
        """Go on working while it has power; nobody hears it while its cable is cut."""
        said = self._firmware.speak() if self._device.powered else b""
        return said if self._device.answers else b""


def serial_only(name: str, device: EmulatedDevice, spec: LineSpec) -> SerialSpec:
    """Return the spec of a serial line; RigError if it is of another."""
    if not isinstance(spec, SerialSpec):
        raise RigError(f"device {device.name}: it needs a serial line, {name} is none")
    return spec


def tcp_only(name: str, device: EmulatedDevice, spec: LineSpec) -> TcpSpec:
    """Return the spec of a listening TCP port; RigError if it is of another line."""
    if not isinstance(spec, TcpSpec):
        raise RigError(f"device {device.name}: it needs a line of kind tcp, {name} is none")
    return spec
