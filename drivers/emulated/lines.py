"""The lines of a rig: whatever a master connects to, opened and closed alike."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from drivers.emulated.asking import AskingServer
from drivers.emulated.device import EmulatedDevice
from drivers.emulated.dial_out import DialOut
from drivers.emulated.exchange import Station
from drivers.emulated.listening import TcpListener
from drivers.emulated.modbus_device import InstanceStation, ModbusDevice
from drivers.emulated.pty_line import PtyLine
from drivers.emulated.rig_spec import (
    AskingSpec,
    DialOutSpec,
    LineSpec,
    RigError,
    RtuOverTcpSpec,
    SerialSpec,
    TcpSpec,
    TlsFiles,
)
from drivers.emulated.rtu_over_tcp import RtuOverTcpServer
from drivers.emulated.tcp_server import TcpServer


class Line(Protocol):
    """Something that a master connects to."""

    @property
    def where(self) -> str:
        """How a master reaches it: path or address, and settings. Known once it was opened."""

    async def open(self) -> None:
        """Be there for masters, or be there again; if it is there already, do nothing.

        Raises:
            OSError: If the port is taken, or there is no pseudo terminal.
            LinkOccupied: If the link's path is something that is not ours to replace.
        """

    async def close(self) -> None:
        """Be gone: unplugged, or at the end."""

    def drop_packets(self, dropping: bool) -> None:
        """Begin or end half-open TCP; nothing on a line without connections."""


@runtime_checkable
class OwnLine(Protocol):
    """A device that has its line to itself, because it speaks no Modbus."""

    def make_line(self, name: str, spec: LineSpec) -> Line:
        """Return the line with this device on it, closed.

        Raises:
            RigError: If it does not belong on such a line.
        """


class SerialLine:
    """A pseudo terminal."""

    def __init__(self, spec: SerialSpec, stations: dict[int, Station]) -> None:
        self._spec = spec
        self._line = PtyLine(stations, timing=spec.timing, turn_around_s=spec.turn_around_s, link=spec.link)

    @property
    def path(self) -> str:
        """What a master opens."""
        return self._line.path

    @property
    def where(self) -> str:
        """Path and settings."""
        path = self._line.path or "a pseudo terminal"
        return f"{path}  Modbus RTU, {self._spec.timing.baud} baud 8N1"

    async def open(self) -> None:
        """Make the pseudo terminal."""
        if not self._line.is_open:
            self._line.open()

    async def close(self) -> None:
        """Remove the pseudo terminal; a master that has it open hears that it is gone."""
        self._line.close()

    def drop_packets(self, dropping: bool) -> None:
        """Have no connections."""


class TcpLine:
    """A listening TCP port, whatever is spoken there."""

    def __init__(self, server: TcpListener, says: str) -> None:
        self._server = server
        self._says = says

    @property
    def host(self) -> str:
        """The address listened on."""
        return self._server.host

    @property
    def port(self) -> int:
        """The port listened on."""
        return self._server.port

    @property
    def where(self) -> str:
        """Address, port and protocol."""
        return f"{self._server.host}:{self._server.port}  {self._says}"

    async def open(self) -> None:
        """Listen."""
        if not self._server.is_open:
            await self._server.open()

    async def close(self) -> None:
        """Drop all masters."""
        await self._server.close()

    def drop_packets(self, dropping: bool) -> None:
        """Begin or end half-open TCP."""
        self._server.drop_packets(dropping)


class DialOutLine:
    """Connections to a master that listens."""

    def __init__(self, dial_out: DialOut) -> None:
        self._dial_out = dial_out

    @property
    def where(self) -> str:
        """Whom it calls."""
        return f"calls {self._dial_out.host}:{self._dial_out.port}  Modbus TCP, the device dials in"

    async def open(self) -> None:
        """Begin to call."""
        if not self._dial_out.is_open:
            await self._dial_out.open()

    async def close(self) -> None:
        """Hang up."""
        await self._dial_out.close()

    def drop_packets(self, dropping: bool) -> None:
        """Begin or end half-open TCP."""
        self._dial_out.drop_packets(dropping)


def make_line(name: str, spec: LineSpec, devices: Sequence[EmulatedDevice]) -> Line:
    """Return the line with these devices on it, closed.

    Raises:
        RigError: If two devices have the same unit address, or one does not belong on such a line.
        OSError: If certificates cannot be read (ssl.SSLError is one).
    """
    if len(devices) == 1 and isinstance(devices[0], OwnLine):
        return devices[0].make_line(name, spec)
    stations = _stations(name, devices)
    match spec:
        case SerialSpec():
            return SerialLine(spec, stations)
        case RtuOverTcpSpec():
            server = RtuOverTcpServer(
                stations, timing=spec.timing, turn_around_s=spec.turn_around_s, host=spec.host, port=spec.port
            )
            return TcpLine(server, f"Modbus RTU over TCP, {spec.timing.baud} baud behind it")
        case TcpSpec():
            tls = None if spec.tls is None else _server_side(spec.tls)
            says = "Modbus TCP" if tls is None else "Modbus TCP with TLS"
            return TcpLine(TcpServer(stations, host=spec.host, port=spec.port, tls=tls), says)
        case AskingSpec():
            tls = None if spec.tls is None else _server_side(spec.tls)
            masters = [device for device in devices if isinstance(device, ModbusDevice)]
            asking = AskingServer(masters, host=spec.host, port=spec.port, tls=tls)
            return TcpLine(asking, "Modbus TCP, the device is the master of whoever connects")
        case DialOutSpec():
            tls = None if spec.tls is None else _client_side(spec.tls)
            name_there = spec.server_name or spec.host
            return DialOutLine(
                DialOut(stations, host=spec.host, port=spec.port, tls=tls, server_name=name_there)
            )


def _stations(line: str, devices: Sequence[EmulatedDevice]) -> dict[int, Station]:
    """Return who answers at which unit address; instances of one device share theirs."""
    by_unit: dict[int, list[ModbusDevice]] = {}
    for device in devices:
        if not isinstance(device, ModbusDevice):
            raise RigError(f"device {device.name}: it speaks {device.profile.protocol}, line {line} does not")
        others = by_unit.setdefault(device.unit, [])
        if others and (
            device.profile.id != others[0].profile.id
            or device.profile.instance in {other.profile.instance for other in others}
        ):
            raise RigError(
                f"devices {others[0].name} and {device.name} on line {line} both have unit {device.unit}"
            )
        others.append(device)
    return {
        unit: sharing[0] if len(sharing) == 1 else InstanceStation(sharing)
        for unit, sharing in by_unit.items()
    }


def _server_side(files: TlsFiles) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    if files.authorities is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(files.authorities)
    return context


def _client_side(files: TlsFiles) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=files.authorities)
    context.load_cert_chain(files.certificate, files.key)
    return context
