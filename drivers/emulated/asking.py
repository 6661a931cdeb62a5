"""A device that is the Modbus master, as some power units are for the dispenser that connects to them.

It writes what it measures into the other side's registers, and reads there what it is to do. It asks itself
for what it shows, and tells itself what it has read, by requests like anybody's, so that faults befall it as
they do every other device.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from ssl import SSLContext
from typing import Final

from drivers.emulated.exchange import Message
from drivers.emulated.image import READ_FUNCTION
from drivers.emulated.listening import TcpListener
from drivers.emulated.mbap import MbapError, MbapReceiver, TcpFrame
from drivers.emulated.modbus_device import ModbusDevice
from drivers.profiles.point import Point

PERIOD_S: Final = 0.5
PATIENCE_S: Final = 2.0
MOST_REGISTERS: Final = 100
WRITE_SEVERAL: Final = 16
READ_HOLDING: Final = 3
READ_BYTES: Final = 4096

Run = tuple[Point, ...]


class NoAnswer(Exception):
    """The other side does not answer, or not to what it was asked."""


def runs(points: Sequence[Point], *, ours: bool) -> Iterator[Run]:
    """Yield neighbouring points that one request can take: what the device shows, or what it is told."""
    wanted = [
        point
        for point in sorted(points, key=lambda point: (point.space, point.address))
        if point.space in {"holding", "input"} and (point.write is None) is ours
    ]
    run: list[Point] = []
    for point in wanted:
        fits = bool(run) and (run[-1].space, run[-1].end) == (point.space, point.address)
        if run and not (fits and point.end - run[0].address <= MOST_REGISTERS):
            yield tuple(run)
            run = []
        run.append(point)
    if run:
        yield tuple(run)


class Asker:
    """One device on one connection, as its master."""

    def __init__(
        self, device: ModbusDevice, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._device = device
        self._reader = reader
        self._writer = writer
        self._receiver = MbapReceiver()
        self._transaction = 0
        self._told: dict[int, bytes] = {}
        """What was last read there, by address, to carry out changes only."""

    async def cycle(self) -> None:
        """Write everything that the device shows, then read what it is to do.

        Raises:
            NoAnswer: If the other side does not answer; the connection is of no more use.
            OSError: If the connection is lost.
        """
        points = self._device.profile.points
        for run in runs(points, ours=True):
            await self._show(run)
        for run in runs(points, ours=False):
            await self._obey(run)

    async def _show(self, run: Run) -> None:
        start, count = run[0].address, run[-1].end - run[0].address
        data = self._own(READ_FUNCTION[run[0].space], start, count)
        if data is not None:
            head = bytes((WRITE_SEVERAL,)) + _words(start, count) + bytes((len(data),))
            await self._ask(head + data)

    async def _obey(self, run: Run) -> None:
        start, count = run[0].address, run[-1].end - run[0].address
        reply = await self._ask(bytes((READ_HOLDING,)) + _words(start, count))
        if reply[0] != READ_HOLDING or len(reply) != 2 + 2 * count or reply == self._told.get(start):
            return
        self._told[start] = reply
        for point in run:
            at = 2 + 2 * (point.address - start)
            self._tell(point, reply[at : at + 2 * point.count])

    def _own(self, function: int, start: int, count: int) -> bytes | None:
        """Return the device's own registers, or None if a fault keeps it from having any."""
        replies = self._device.serve(
            Message(self._device.unit, bytes((function,)) + _words(start, count), self._transaction)
        )
        for sending in replies:
            pdu = sending.data[7:]
            if pdu[:2] == bytes((function, 2 * count)) and len(pdu) == 2 + 2 * count:
                return pdu[2:]
        return None

    def _tell(self, point: Point, data: bytes) -> None:
        function = WRITE_SEVERAL if point.write is None else point.write.function
        pdu = bytes((function,)) + point.address.to_bytes(2, "big")
        if function == WRITE_SEVERAL:
            pdu += point.count.to_bytes(2, "big") + bytes((len(data),))
        self._device.serve(Message(self._device.unit, pdu + data, self._transaction))

    async def _ask(self, pdu: bytes) -> bytes:
        """Send a request and return the reply's PDU."""
        self._transaction = (self._transaction + 1) % 0x10000
        self._writer.write(TcpFrame(self._transaction, self._device.unit, pdu).encode())
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._reply()
        except (TimeoutError, MbapError) as error:
            raise NoAnswer(f"{self._device.name}: {error}") from error

    async def _reply(self) -> bytes:
        while True:
            data = await self._reader.read(READ_BYTES)
            if not data:
                raise NoAnswer(f"{self._device.name}: the connection was closed")
            for frame in self._receiver.receive(data):
                if frame.transaction == self._transaction:
                    return frame.pdu


class AskingServer(TcpListener):
    """Waits for the other side to connect, and then is the master of every connection."""

    def __init__(
        self,
        devices: Sequence[ModbusDevice],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: SSLContext | None = None,
    ) -> None:
        super().__init__(host, port)
        self._devices = devices
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self._dropping = False
        self._epoch = 0
        """Connections of an earlier one are forgotten."""

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._connected, self.host, self.port, ssl=self._tls)

    async def _drop_all(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def drop_packets(self, dropping: bool) -> None:
        """Forget every connection, those that come too, until told otherwise (half-open TCP)."""
        self._dropping = dropping
        self._epoch += 1

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(NoAnswer, OSError):
                await self._be_master(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _be_master(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        askers = [(Asker(device, reader, writer), device) for device in self._devices]
        epoch = self._epoch
        while True:
            for asker, device in askers:
                if device.answers and epoch == self._epoch and not self._dropping:
                    await asker.cycle()
            await asyncio.sleep(PERIOD_S)


def _words(*words: int) -> bytes:
    return b"".join(word.to_bytes(2, "big") for word in words)
