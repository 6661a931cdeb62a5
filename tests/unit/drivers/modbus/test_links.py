"""What ports and connections do that frames do not see: locks, RS-485, certificates, who may dial."""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import DialInEndpoint, SerialEndpoint, TcpEndpoint, transport_for
from drivers.modbus.errors import PortUnavailable
from drivers.modbus.link import LinkError
from drivers.modbus.requests import Read, Write
from drivers.modbus.serial_link import SerialLink
from drivers.modbus.tcp_link import DialInLink, TcpLink
from drivers.modbus.terms import Terms
from drivers.modbus.tls import TlsSettings
from tests.real_time import clock
from tests.unit.drivers.modbus.hostile import (
    TLS,
    Answers,
    Asked,
    Burst,
    DialInSlave,
    RtuSlave,
    Slave,
    TlsSlave,
    honest_pdu,
    rtu_slave,
    running,
    slave_of,
)

READ = Read(unit=1, space="input", address=10, count=4)
WRITE = Write(unit=1, function=6, address=300, values=(16,))


class Ears:
    """Writes down what a link says."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.losses: list[str] = []

    def heard(self, data: bytes) -> None:
        self.said.append(data)

    def lost(self, why: str) -> None:
        self.losses.append(why)


@pytest.fixture
async def rtu(tmp_path: Path) -> AsyncIterator[RtuSlave]:
    async with rtu_slave(tmp_path) as one:
        yield one


async def problem(endpoint: SerialEndpoint | TcpEndpoint | DialInEndpoint) -> str:
    """Return why a read failed for want of a link."""
    async with running(Bus(transport_for(endpoint, clock))) as bus:
        with pytest.raises(PortUnavailable) as caught:
            await bus.perform(READ, Terms(timeout_s=0.2))
    return str(caught.value)


def send_much(link: SerialLink) -> None:
    for _ in range(1000):
        link.send(bytes(250))


def serial(rtu: RtuSlave, port: str | None = None, *, rs485: bool = False) -> SerialEndpoint:
    return SerialEndpoint(port=port or str(rtu.link), settings=replace(rtu.settings(), rs485=rs485))


async def test_a_port_that_is_not_there_is_told(rtu: RtuSlave) -> None:
    assert "is the adapter plugged in?" in await problem(serial(rtu, "/dev/ttyNONE"))


async def test_a_file_is_no_serial_port(rtu: RtuSlave, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path):
        assert f"{path} cannot be opened: this is no serial port" in await problem(serial(rtu, str(path)))


async def test_a_port_on_which_nothing_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    nobody = TcpEndpoint(host="127.0.0.1", port=port)
    assert f"127.0.0.1:{port} cannot be opened: nothing listens on that port" in await problem(nobody)


async def test_a_port_locked_by_another_program_is_told_and_which_that_may_be(rtu: RtuSlave) -> None:
    with rtu.link.open("rb", buffering=0) as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert "another program uses it; if that is the agent, stop it first" in await problem(serial(rtu))


async def test_a_driver_without_rs485_switching_is_told_with_what_to_do(rtu: RtuSlave) -> None:
    assert "leave rs485 out if the adapter does that by itself" in await problem(serial(rtu, rs485=True))
    async with running(rtu.bus()) as bus:
        await bus.perform(READ, Terms())


async def test_parity_on_a_pseudo_terminal_is_told_with_what_to_do(rtu: RtuSlave) -> None:
    endpoint = SerialEndpoint(port=str(rtu.link), settings=replace(rtu.settings(), parity="E"))
    for _ in range(2):
        assert 'use parity = "N" on emulated hardware' in await problem(endpoint)


async def test_a_port_whose_driver_takes_no_more_characters_is_given_up(rtu: RtuSlave) -> None:
    asyncio.get_running_loop().remove_reader(rtu._line_fd)
    link = SerialLink(str(rtu.link), rtu.settings())
    await link.open(Ears(), 1.0)
    with pytest.raises(LinkError, match="takes no more characters"):
        send_much(link)
    assert not link.is_open
    with pytest.raises(LinkError, match="is not open"):
        link.send(b"x")
    asyncio.get_running_loop().add_reader(rtu._line_fd, lambda: os.read(rtu._line_fd, 4096))


@pytest.mark.parametrize("kind", ["rtu", "rtu+tcp", "rtu by pymodbus"])
async def test_a_line_that_repeats_what_we_say_is_understood(kind: str, tmp_path: Path) -> None:
    """A write's echo is no confirmation: nobody may have heard it."""

    def echoing(slave: Slave, asked: Asked) -> Answers:
        request = slave.frame(asked, asked.pdu)
        if asked.function == 6 and asked.pdu[4] == 99:
            return [Burst(request)]
        return [Burst(request + slave.frame(asked, honest_pdu(asked)))]

    async with slave_of(kind, tmp_path) as slave:
        slave.script = echoing
        async with running(slave.bus()) as bus:
            assert len((await bus.perform(READ, Terms(timeout_s=0.2))).values) == 4
            assert (await bus.perform(WRITE, Terms(timeout_s=0.2))).values == ()
            with pytest.raises(Exception, match="no reply"):
                await bus.perform(replace(WRITE, values=(99,)), Terms(timeout_s=0.2))


@pytest.fixture
async def device() -> AsyncIterator[TlsSlave]:
    slave = TlsSlave()
    await slave.plug_in()
    yield slave
    await slave.unplug()


OURS = TlsSettings(ca_file=TLS / "ca.pem", certificate=TLS / "station.pem")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (replace(OURS, ca_file=None), "is not trusted"),
        (replace(OURS, server_name="another.example"), "is not trusted: Hostname mismatch"),
        (replace(OURS, ca_file=Path("/nowhere.pem")), "no such file: /nowhere.pem"),
        (replace(OURS, certificate=TLS / "ca.pem"), "TLS cannot be set up from"),
    ],
)
async def test_a_device_that_cannot_be_trusted_is_not_read(
    device: TlsSlave, settings: TlsSettings, why: str
) -> None:
    assert why in await problem(TcpEndpoint(host="127.0.0.1", port=device.port, tls=settings))
    assert device.asked == []


async def test_a_device_that_wants_our_certificate_does_not_answer_without(device: TlsSlave) -> None:
    assert "was lost" in await problem(
        TcpEndpoint(host="127.0.0.1", port=device.port, tls=replace(OURS, certificate=None))
    )
    assert device.asked == []


@pytest.mark.parametrize(
    "settings", [replace(OURS, server_name="device.example"), replace(OURS, check_hostname=False)]
)
async def test_the_name_in_the_certificate_may_be_given_or_ignored(
    device: TlsSlave, settings: TlsSettings
) -> None:
    endpoint = TcpEndpoint(host="127.0.0.1", port=device.port, tls=settings)
    async with running(Bus(transport_for(endpoint, clock))) as bus:
        await bus.perform(READ, Terms())


async def test_a_plain_device_is_no_tls_device() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert "cannot be opened" in await problem(TcpEndpoint(host="127.0.0.1", port=port, tls=OURS))


async def test_a_host_that_does_not_answer_is_given_up() -> None:
    """A backlog that is full drops what comes after, as a host behind a firewall does."""
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for taken in (first, second):
            taken.setblocking(False)
            taken.connect_ex(full.getsockname())
        link = TcpLink(*full.getsockname())
        with pytest.raises(LinkError, match="does not answer"):
            await link.open(Ears(), 0.2)


@pytest.fixture
async def dialling() -> AsyncIterator[DialInSlave]:
    slave = DialInSlave()
    await slave.plug_in()
    yield slave
    await slave.unplug()


async def test_a_device_that_dials_in_with_tls_is_read(dialling: DialInSlave) -> None:
    """The device is the TLS client, and we ask for its certificate."""
    dialling.dials_with_tls = True
    endpoint = DialInEndpoint(host="127.0.0.1", port=dialling.port, tls=OURS)
    async with running(Bus(transport_for(endpoint, clock))) as bus:
        await bus.perform(READ, Terms())


async def test_a_device_that_dials_in_without_tls_where_we_want_it_is_not_read(dialling: DialInSlave) -> None:
    endpoint = DialInEndpoint(host="127.0.0.1", port=dialling.port, tls=OURS)
    assert "no device has connected" in await problem(endpoint)
    assert dialling.asked == []


async def test_only_the_named_caller_may_dial_in(dialling: DialInSlave) -> None:
    endpoint = DialInEndpoint(host="127.0.0.1", port=dialling.port, caller="127.0.0.2")
    assert "no device has connected" in await problem(endpoint)
    assert dialling.connections > 0
    assert dialling.asked == []


async def test_the_named_caller_is_read(dialling: DialInSlave) -> None:
    endpoint = DialInEndpoint(host="127.0.0.1", port=dialling.port, caller="127.0.0.1")
    async with running(Bus(transport_for(endpoint, clock))) as bus:
        await bus.perform(READ, Terms())


async def test_the_newest_connection_of_a_device_counts() -> None:
    ears = Ears()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    link = DialInLink("127.0.0.1", port)
    opening = asyncio.create_task(link.open(ears, 1.0))
    await asyncio.sleep(0.05)
    _, old = await asyncio.open_connection("127.0.0.1", port)
    await opening
    reader, new = await asyncio.open_connection("127.0.0.1", port)
    while not ears.losses:
        await asyncio.sleep(0.01)
    link.send(b"hello")
    assert await reader.readexactly(5) == b"hello"
    old.close()
    new.close()
    link.close()
    assert ears.losses == [f"127.0.0.1:{port} was lost: the device connected anew"]


async def test_a_port_of_ours_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1:{port}" in await problem(
            DialInEndpoint(host="127.0.0.1", port=port)
        )


async def test_a_dial_in_needs_a_certificate_of_ours_for_tls() -> None:
    endpoint = DialInEndpoint(host="127.0.0.1", port=0, tls=TlsSettings())
    assert "needs a certificate of our own" in await problem(endpoint)
