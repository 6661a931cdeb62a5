"""A device that is the master, against a server that is nothing but registers in memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from drivers.emulated.asking import Asker, NoAnswer, runs
from drivers.emulated.faults.injection import Where
from drivers.emulated.faults.requests import Silence
from drivers.emulated.faults.state import HalfOpen
from drivers.emulated.lines import TcpLine
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import AskingSpec, DeviceSpec, RigSpec

PROFILE = """\
schema: chargehand-profile-1
id: unit
kind: meter
maker: Nobody
model: Power unit
modbus: {word_order: big, unit: 3, tcp_port: 502, answers: yes}
points:
  voltage: {space: holding, address: 10, type: float32, measurand: Voltage, phase: L1-N, unit: V}
  energy: {space: holding, address: 12, type: uint32, measurand: Energy.Active.Import.Register, unit: Wh}
  state: {space: holding, address: 20, type: uint16, example: 7}
  wanted: {space: holding, address: 30, type: uint16, write: {function: 6, range: [0, 100]}}
  limit: {space: holding, address: 31, type: uint32, write: {function: 16}}
"""


class Registers:
    """The other side: serves functions 3 and 16 of what it holds on a connection that it makes."""

    def __init__(self) -> None:
        self.held: dict[int, int] = {}
        self.asked = asyncio.Event()

    async def serve(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while True:
                head = await reader.readexactly(7)
                pdu = await reader.readexactly(int.from_bytes(head[4:6], "big") - 1)
                reply = self._answer(pdu)
                writer.write(head[:4] + (len(reply) + 1).to_bytes(2, "big") + head[6:7] + reply)
                self.asked.set()
        finally:
            writer.close()

    async def until_asked(self) -> None:
        self.asked.clear()
        await self.asked.wait()

    def words(self, start: int, count: int) -> list[int | None]:
        return [self.held.get(at) for at in range(start, start + count)]

    def _answer(self, pdu: bytes) -> bytes:
        start, count = int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
        if pdu[0] == 16:
            for at in range(count):
                self.held[start + at] = int.from_bytes(pdu[6 + 2 * at : 8 + 2 * at], "big")
            return pdu[:5]
        if not all(at in self.held for at in range(start, start + count)):
            return bytes((pdu[0] | 0x80, 2))
        data = b"".join(self.held[at].to_bytes(2, "big") for at in range(start, start + count))
        return bytes((pdu[0], len(data))) + data


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    profile = tmp_path / "unit.yaml"
    profile.write_text(PROFILE)
    devices = {"unit": DeviceSpec(profile=profile, line="link", start_mwh=5_000_000)}
    return Rig(RigSpec(lines={"link": AskingSpec()}, devices=devices))


def device(rig: Rig) -> ModbusDevice:
    found = rig.devices["unit"]
    assert isinstance(found, ModbusDevice)
    return found


def port(rig: Rig) -> int:
    line = rig.lines["link"]
    assert isinstance(line, TcpLine)
    return line.port


def test_neighbours_go_in_one_request(rig: Rig) -> None:
    points = device(rig).profile.points
    assert [[point.name for point in run] for run in runs(points, ours=True)] == [
        ["voltage", "energy"],
        ["state"],
    ]
    assert [[point.name for point in run] for run in runs(points, ours=False)] == [["wanted", "limit"]]


async def test_it_writes_what_it_shows_and_does_what_it_reads(rig: Rig) -> None:
    async with rig:
        other = Registers()
        serving = asyncio.create_task(other.serve(port(rig)))
        while None in other.words(10, 4) + other.words(20, 1):
            await other.until_asked()
        assert other.words(12, 2) == [0, 5000]
        assert other.words(20, 1) == [7]
        other.held |= {30: 42, 31: 1, 32: 2}
        while device(rig).image.value("limit") != 0x10002:
            await other.until_asked()
        assert device(rig).image.value("wanted") == 42
        other.held[30] = 101
        for _ in range(8):
            await other.until_asked()
        assert device(rig).image.value("wanted") == 42
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_a_silent_or_half_open_device_asks_for_nothing(rig: Rig) -> None:
    async with rig:
        other = Registers()
        serving = asyncio.create_task(other.serve(port(rig)))
        await other.until_asked()
        armed = rig.inject(HalfOpen(), Where(devices=frozenset({"unit"})))
        while not armed.active:
            await asyncio.sleep(0.01)
        await rig.clear(armed.id)
        other.asked.clear()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(other.asked.wait(), 0.7)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_faults_keep_it_from_saying_what_it_shows(rig: Rig) -> None:
    async with rig:
        rig.inject(Silence(), Where(points=frozenset({"energy"})))
        other = Registers()
        serving = asyncio.create_task(other.serve(port(rig)))
        while None in other.words(20, 1):
            await other.until_asked()
        assert other.words(12, 1) == [None]
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_who_closes_the_connection_is_not_asked_again(rig: Rig) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        with pytest.raises(NoAnswer, match="unit: the connection was closed"):
            await Asker(device(rig), reader, writer).cycle()
        writer.close()
