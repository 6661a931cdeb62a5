"""A power line modem that goes and comes, in a network of its own: run by `test_modem.py` within one.

Charger and vehicle are at the two ends of a pair of virtual interfaces, with multicast and link-local
addresses as on a real link. What goes wrong is raised.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import struct
import subprocess
from contextlib import suppress
from typing import Final

from agent.iso15118.discovery import MULTICAST, PORT
from agent.iso15118.interface import InterfaceModem
from agent.iso15118.iso2.conversation import Iso2
from agent.iso15118.server import Secc, Settings
from tests.unit.agent.iso15118.courses import ReadyEvse, charge
from tests.unit.agent.iso15118.small import SmallKeyring, SmallVehicle

CHARGER_END: Final = "charger0"
VEHICLE_END: Final = "vehicle0"
_CHARGER: Final = "fe80::c"
_VEHICLE: Final = "fe80::e"
_PATIENCE_S: Final = 20.0
_ASK_PLAIN: Final = bytes.fromhex("01fe9000000000021000")


class Heard(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def attach() -> None:
    """Let the modem appear, and the vehicle's."""
    ip("link", "add", CHARGER_END, "type", "veth", "peer", "name", VEHICLE_END)
    for name, address in ((CHARGER_END, _CHARGER), (VEHICLE_END, _VEHICLE)):
        ip("link", "set", name, "addrgenmode", "none")
        ip("address", "add", f"{address}/64", "dev", name, "nodad")
        ip("link", "set", name, "up")


async def discover() -> tuple[str, int]:
    """Ask all of the link where the charger is, as vehicles do."""
    index = socket.if_nametoindex(VEHICLE_END)
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as asking:
        asking.setblocking(False)
        asking.bind((_VEHICLE, 0, 0, index))
        asking.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, struct.pack("@I", index))
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                asking.sendto(_ASK_PLAIN, (str(MULTICAST), PORT, 0, index))
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.25):
                        reply = await asyncio.get_running_loop().sock_recv(asking, 64)
                    return str(ipaddress.IPv6Address(reply[8:24])), int.from_bytes(reply[24:26], "big")


async def connect(address: str, port: int) -> SmallVehicle:
    connection = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    connection.setblocking(False)
    index = socket.if_nametoindex(VEHICLE_END)
    connection.bind((_VEHICLE, 0, 0, index))
    await asyncio.get_running_loop().sock_connect(connection, (address, port, 0, index))
    return SmallVehicle(*await asyncio.open_connection(sock=connection))


async def until_charging(evse: ReadyEvse) -> SmallVehicle:
    address, port = await discover()
    assert address == _CHARGER
    car = await connect(address, port)
    async for name, _ in charge(car, is_dc=False, loops=1):
        if name == "ChargingStatusReq":
            break
    assert evse.is_powered()
    return car


async def main() -> None:
    heard = Heard()
    logging.getLogger("agent").addHandler(heard)
    ip("link", "set", "lo", "up")
    evse = ReadyEvse(is_dc=False)
    secc = Secc(InterfaceModem(CHARGER_END), Settings(), evse, [Iso2()], SmallKeyring())
    running = asyncio.create_task(secc.run())
    await asyncio.sleep(2.5)
    missing = f"the interface {CHARGER_END} is not there, or has no address yet; waiting for it"
    assert heard.lines.count(missing) == 1, heard.lines
    attach()
    car = await until_charging(evse)
    ip("link", "delete", CHARGER_END)
    assert await evse.ending() == ("error", "the interface is gone")
    car.writer.transport.abort()
    assert heard.lines.count(f"the interface {CHARGER_END} is gone") == 1
    attach()
    car = await until_charging(evse)
    ip("link", "set", CHARGER_END, "down")  # its address goes with it
    assert await evse.ending() == ("error", "the interface is gone")
    car.writer.transport.abort()
    assert secc.figures.sessions == {"error": 2}
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


if __name__ == "__main__":
    asyncio.run(main())
