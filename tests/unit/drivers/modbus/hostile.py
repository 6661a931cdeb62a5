"""Slaves that answer byte by byte as a test tells them, on a pseudo-terminal, or on TCP in every manner.

They share no code with the drivers or the emulated hardware. An honest answer names its request: register
`a` of the n-th request reads `n * 256 + a % 256`, so a test sees both a wrong register and an old reply.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import tty
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from drivers.modbus import line
from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import DialInEndpoint, Framer, SerialEndpoint, TcpEndpoint, transport_for
from drivers.modbus.tls import TlsSettings
from drivers.modbus.transport import SerialSettings
from tests.real_time import clock

BAUD = 115200
TLS = Path(__file__).parent / "tls"
"""An authority whose key is lost, and what it signed: a device and a station, for 127.0.0.1."""


@dataclass(frozen=True)
class Asked:
    """One request as the slave saw it."""

    number: int
    at_s: float
    transaction: int
    unit: int
    pdu: bytes

    @property
    def function(self) -> int:
        return self.pdu[0]

    @property
    def address(self) -> int:
        return int.from_bytes(self.pdu[1:3], "big")

    @property
    def count(self) -> int:
        return int.from_bytes(self.pdu[3:5], "big")


@dataclass(frozen=True)
class Burst:
    """Bytes to put on the line, `after_s` after the request or the burst before."""

    data: bytes
    after_s: float = 0.0


Answers = Iterable[Burst]
Script = Callable[["Slave", Asked], Answers]


def crc(data: bytes) -> bytes:
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value.to_bytes(2, "little")


def rtu_frame(unit: int, pdu: bytes) -> bytes:
    body = bytes([unit]) + pdu
    return body + crc(body)


def honest_pdu(asked: Asked) -> bytes:
    """The right answer to any request."""
    if asked.function in {3, 4}:
        values = [(asked.number * 256 + address % 256) & 0xFFFF for address in addresses(asked)]
        return bytes([asked.function, 2 * len(values)]) + b"".join(v.to_bytes(2, "big") for v in values)
    if asked.function in {1, 2}:
        bits = sum(1 << index for index, address in enumerate(addresses(asked)) if address % 2)
        size = (asked.count + 7) // 8
        return bytes([asked.function, size]) + bits.to_bytes(size, "little")
    return asked.pdu[:5]


def addresses(asked: Asked) -> range:
    return range(asked.address, asked.address + asked.count)


def honest_values(number: int, address: int, count: int) -> tuple[int, ...]:
    """What an honest answer to the n-th request holds."""
    return tuple((number * 256 + a % 256) & 0xFFFF for a in range(address, address + count))


def honest(slave: Slave, asked: Asked) -> Answers:
    return [Burst(slave.frame(asked, honest_pdu(asked)))]


def silent(slave: Slave, asked: Asked) -> Answers:
    return []


def saying(pdu: Callable[[Asked], bytes]) -> Script:
    """Answer with a PDU of the test's own."""
    return lambda slave, asked: [Burst(slave.frame(asked, pdu(asked)))]


def doctored(change: Callable[[bytes], bytes]) -> Script:
    """Change the PDU of honest answers."""
    return saying(lambda asked: change(honest_pdu(asked)))


def late(delay_s: float) -> Script:
    """Answer honestly, but late."""
    return lambda slave, asked: [Burst(slave.frame(asked, honest_pdu(asked)), delay_s)]


def in_turn(*scripts: Script) -> Script:
    """One script for each request; honest after the last."""
    left = list(scripts)

    def next_script(slave: Slave, asked: Asked) -> Answers:
        script = left.pop(0) if left else honest
        return script(slave, asked)

    return next_script


class Slave(ABC):
    """What all kinds share: the record, and answering in the order of the requests."""

    numbered: bool
    framing: Framer = "chargehand"

    def __init__(self) -> None:
        self.script: Script = honest
        self.asked: list[Asked] = []
        self.said_at_s: list[float] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: asyncio.Task[None] | None = None

    @abstractmethod
    def frame(self, asked: Asked, pdu: bytes, *, unit: int | None = None) -> bytes:
        """Return a whole frame."""

    @abstractmethod
    def bus(self) -> Bus:
        """Return a bus for this line."""

    def _take(self, answers: Answers, write: Callable[[bytes], None]) -> None:
        task = asyncio.create_task(self._say(answers, write, self._last))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._last = task

    async def _say(
        self, answers: Answers, write: Callable[[bytes], None], before: asyncio.Task[None] | None
    ) -> None:
        for place, burst in enumerate(answers):
            if burst.after_s:
                await asyncio.sleep(burst.after_s)
            if place == 0 and before is not None:
                await asyncio.wait([before])
            with suppress(OSError):
                self.said_at_s.append(monotonic())
                write(burst.data)

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()


class RtuSlave(Slave):
    """A slave on a pseudo-terminal; `link` is the port's name, also after it was unplugged and plugged in."""

    numbered = False

    def __init__(self, link: Path) -> None:
        super().__init__()
        self.link = link
        self._line_fd = self._port_fd = -1
        self._buffer = b""

    def plug_in(self) -> None:
        self._line_fd, self._port_fd = os.openpty()
        tty.setraw(self._port_fd)
        os.set_blocking(self._line_fd, False)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(self._port_fd))
        asyncio.get_running_loop().add_reader(self._line_fd, self._read)

    def unplug(self) -> None:
        self._stop()
        if self._line_fd >= 0:
            asyncio.get_running_loop().remove_reader(self._line_fd)
            os.close(self._line_fd)
            os.close(self._port_fd)
            self._line_fd = self._port_fd = -1
        self.link.unlink(missing_ok=True)

    def frame(self, asked: Asked, pdu: bytes, *, unit: int | None = None) -> bytes:
        return rtu_frame(asked.unit if unit is None else unit, pdu)

    def settings(self) -> SerialSettings:
        return SerialSettings(baud=BAUD, parity="N", stop_bits=1)

    def bus(self) -> Bus:
        endpoint = SerialEndpoint(port=str(self.link), settings=self.settings())
        return Bus(transport_for(endpoint, clock, self.framing))

    def write(self, data: bytes) -> None:
        os.write(self._line_fd, data)

    def _read(self) -> None:
        self._buffer += os.read(self._line_fd, 4096)
        while (size := _request_size(self._buffer)) and len(self._buffer) >= size:
            frame, self._buffer = self._buffer[:size], self._buffer[size:]
            assert crc(frame[:-2]) == frame[-2:]
            asked = Asked(len(self.asked) + 1, monotonic(), 0, frame[0], frame[1:-2])
            self.asked.append(asked)
            self._take(self.script(self, asked), self.write)


class TcpSlave(Slave):
    """A slave on a TCP port that stays the same when it goes and comes back."""

    numbered = True
    tls: TlsSettings | None = None

    def __init__(self) -> None:
        super().__init__()
        self.port = 0
        self.connections = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def plug_in(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls())
        self.port = self._server.sockets[0].getsockname()[1]

    async def unplug(self) -> None:
        self._stop()
        if self._server is not None:
            self._server.close()
            self.hang_up()
            await self._server.wait_closed()
            self._server = None

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    def frame(self, asked: Asked, pdu: bytes, *, unit: int | None = None) -> bytes:
        body = bytes([asked.unit if unit is None else unit]) + pdu
        return asked.transaction.to_bytes(2, "big") + b"\0\0" + len(body).to_bytes(2, "big") + body

    def bus(self) -> Bus:
        endpoint = TcpEndpoint(host="127.0.0.1", port=self.port, rtu=not self.numbered, tls=self.tls)
        return Bus(transport_for(endpoint, clock, self.framing))

    def _tls(self) -> ssl.SSLContext | None:
        if self.tls is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / "device.pem")
        context.load_verify_locations(TLS / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def write(data: bytes) -> None:
            if not writer.transport.is_closing():
                writer.write(data)

        self.connections += 1
        self._writers.add(writer)
        try:
            while True:
                self._take_request(*await self._request(reader), write)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> tuple[int, int, bytes]:
        header = await reader.readexactly(7)
        pdu = await reader.readexactly(int.from_bytes(header[4:6], "big") - 1)
        return int.from_bytes(header[:2], "big"), header[6], pdu

    def _take_request(self, transaction: int, unit: int, pdu: bytes, write: Callable[[bytes], None]) -> None:
        asked = Asked(len(self.asked) + 1, monotonic(), transaction, unit, pdu)
        self.asked.append(asked)
        self._take(self.script(self, asked), write)


class RtuOverTcpSlave(TcpSlave):
    """Serial frames through a TCP connection, as simple gateways pass them on."""

    numbered = False

    def frame(self, asked: Asked, pdu: bytes, *, unit: int | None = None) -> bytes:
        return rtu_frame(asked.unit if unit is None else unit, pdu)

    async def _request(self, reader: asyncio.StreamReader) -> tuple[int, int, bytes]:
        start = await reader.readexactly(8)
        while (size := _request_size(start)) is None or len(start) < size:
            start += await reader.readexactly(1)
        assert crc(start[:-2]) == start[-2:]
        return 0, start[0], start[1:-2]


class TlsSlave(TcpSlave):
    """Modbus TCP with TLS: both sides must show a certificate."""

    tls = TlsSettings(ca_file=TLS / "ca.pem", certificate=TLS / "station.pem")


class DialInSlave(TcpSlave):
    """A slave that connects to the bus, as often as it takes."""

    def __init__(self) -> None:
        super().__init__()
        self.dials_with_tls = False
        self._dialling: asyncio.Task[None] | None = None

    async def plug_in(self) -> None:
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        self._dialling = asyncio.create_task(self._dial())

    async def unplug(self) -> None:
        self._stop()
        if self._dialling is not None:
            self._dialling.cancel()
            self.hang_up()
            await asyncio.wait([self._dialling])
            self._dialling = None

    def bus(self) -> Bus:
        return Bus(transport_for(DialInEndpoint(host="127.0.0.1", port=self.port), clock))

    async def _dial(self) -> None:
        while True:
            with suppress(OSError):
                await self._serve(
                    *await asyncio.open_connection("127.0.0.1", self.port, ssl=self._client_tls())
                )
            await asyncio.sleep(0.01)

    def _client_tls(self) -> ssl.SSLContext | None:
        if not self.dials_with_tls:
            return None
        context = ssl.create_default_context(cafile=TLS / "ca.pem")
        context.load_cert_chain(TLS / "device.pem")
        return context


TCP_KINDS = {"tcp": TcpSlave, "rtu+tcp": RtuOverTcpSlave, "tls": TlsSlave, "dial-in": DialInSlave}
SERIAL = ("rtu", "rtu by pymodbus")
UNNUMBERED = (*SERIAL, "rtu+tcp", "rtu+tcp by pymodbus")
NUMBERED = ("tcp", "tcp by pymodbus", "tls", "dial-in")


@asynccontextmanager
async def slave_of(kind: str, directory: Path) -> AsyncIterator[Slave]:
    """Plug a slave of any kind in; "by pymodbus" says whose frames the bus uses."""
    kind, _, other = kind.partition(" by ")
    opened: AbstractAsyncContextManager[Slave] = rtu_slave(directory) if kind == "rtu" else tcp_slave(kind)
    async with opened as slave:
        slave.framing = "pymodbus" if other else "chargehand"
        yield slave


@asynccontextmanager
async def rtu_slave(directory: Path) -> AsyncIterator[RtuSlave]:
    slave = RtuSlave(directory / "port")
    slave.plug_in()
    try:
        yield slave
    finally:
        slave.unplug()


@asynccontextmanager
async def tcp_slave(kind: str = "tcp") -> AsyncIterator[TcpSlave]:
    slave = TCP_KINDS[kind]()
    await slave.plug_in()
    try:
        yield slave
    finally:
        await slave.unplug()


@asynccontextmanager
async def running(bus: Bus) -> AsyncIterator[Bus]:
    """Run a bus, and fail if anything of it raised unseen."""
    loop = asyncio.get_running_loop()
    unseen: list[dict[str, object]] = []
    loop.set_exception_handler(lambda _, context: unseen.append(context))
    try:
        async with line.running(bus):
            yield bus
    finally:
        assert unseen == [], unseen


def _request_size(buffer: bytes) -> int | None:
    if len(buffer) < 8:
        return None
    return 9 + buffer[6] if buffer[1] in {15, 16} else 8
