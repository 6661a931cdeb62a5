from __future__ import annotations

import asyncio
from ipaddress import IPv6Address

from agent.iso15118.interface import Place
from agent.iso15118.sockets import PORTS, listen

LOOPBACK = Place(address=IPv6Address("::1"), index=1)


def leave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def test_a_charger_listens_where_vehicles_connect_to() -> None:
    for _ in range(20):  # the kernel's own choice would be another one twice in three times
        server, port = await listen(LOOPBACK, leave)
        async with server:
            assert port in PORTS
            assert server.sockets[0].getsockname()[1] == port
            _, writer = await asyncio.open_connection("::1", port)
            writer.close()
            await writer.wait_closed()
