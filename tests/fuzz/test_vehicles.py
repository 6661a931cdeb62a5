"""Hostile vehicles: whatever comes on UDP, TCP and TLS, the power goes off and the next one is served."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import suppress
from random import Random
from typing import Final

import pytest

from agent.iso15118 import carrier, channel
from agent.iso15118.discovery import Security
from agent.iso15118.iso2.conversation import Iso2
from agent.iso15118.server import Secc
from agent.iso15118.v2gtp import Frame, PayloadType
from certs.exi.codec import encode
from certs.exi.tables import schema
from tests.unit.agent.iso15118.courses import ReadyEvse, after_the_loop, before_the_loop, charge, in_the_loop
from tests.unit.agent.iso15118.pki import credential, trusting
from tests.unit.agent.iso15118.small import SmallKeyring, SmallVehicle, serving, vehicle

CONNECTIONS: Final = 120
DATAGRAMS: Final = 500
_LONGEST_STEPS: Final = 9
_EXPECTED: Final = (logging.INFO, logging.WARNING)


def spoilt(random: Random, data: bytes) -> bytes:
    """Return bytes with some of them turned over, cut off, or with more behind."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 6)):
        changed[random.randrange(len(changed))] = random.randrange(256)
    if random.random() < 0.3:
        del changed[random.randrange(len(changed)) :]
    return bytes(changed) + random.randbytes(random.choice((0, 0, 1, 40)))


def messages(*, is_dc: bool) -> list[bytes]:
    """Return the messages of a session, with a session id of zeroes."""
    asked = [*before_the_loop(is_dc=is_dc), in_the_loop(is_dc=is_dc), *after_the_loop(is_dc=is_dc)]
    return [
        Frame(
            PayloadType.EXI,
            encode(schema("iso2"), "V2G_Message", {"Header": {"SessionID": bytes(8)}, "Body": {name: body}}),
        ).to_bytes()
        for name, body in asked
    ]


async def misbehave(random: Random, car: SmallVehicle) -> None:
    """Go on well for a while, and then not."""
    with suppress(OSError, EOFError, ssl.SSLError, TimeoutError):
        if random.random() < 0.8:
            steps = random.randrange(_LONGEST_STEPS)
            async for number, _ in _numbered(car):
                if number >= steps:
                    break
        for _ in range(random.randint(1, 3)):
            car.writer.write(spoilt(random, random.choice(messages(is_dc=True))))
            await car.writer.drain()
        if random.random() < 0.5:
            car.writer.transport.abort()
        else:
            async with asyncio.timeout(0.05):
                await car.reader.read()


async def _numbered(car: SmallVehicle) -> AsyncIterator[tuple[int, object]]:
    number = 0
    async for one in charge(car, is_dc=True, loops=1):
        yield number, one
        number += 1


async def scream(random: Random, secc: Secc) -> None:
    """Send anything to the TLS port."""
    assert secc.servers is not None
    _, writer = await asyncio.open_connection("::1", secc.servers.tls_port)
    hello = b"\x16\x03\x01\x00\xf4\x01\x00\x00\xf0\x03\x03" + random.randbytes(240)
    writer.write(random.choice((spoilt(random, hello), random.randbytes(300), hello)))
    with suppress(OSError):
        await writer.drain()
    writer.transport.abort()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_vehicles_send(
    seed: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((carrier, "SETUP_S"), (carrier, "FAREWELL_S"), (channel, "HANDSHAKE_S")):
        monkeypatch.setattr(module, name, 0.3)
    random, evse, tls = Random(seed), ReadyEvse(is_dc=True), trusting("v2g-2")
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    async with serving(evse, [Iso2()], SmallKeyring((credential("v2g-2"), credential("v2g-20")))) as secc:
        for _ in range(CONNECTIONS):
            way = random.randrange(4)
            with suppress(OSError):
                if way == 0:
                    await scream(random, secc)
                else:
                    async with vehicle(secc, tls if way == 1 else None) as car:
                        await misbehave(random, car)
        async with vehicle(secc) as car:
            codes = [answer["ResponseCode"] async for _, answer in charge(car, is_dc=True, loops=2)]
        assert all(code.startswith("OK") for code in codes)
        assert await evse.ending() == ("terminate", "")
    assert not evse.is_powered()
    assert {record.levelno for record in caplog.records} <= set(_EXPECTED), caplog.text
    assert secc.figures.sessions["error"] > CONNECTIONS // 3
    assert secc.figures.failed_handshakes > CONNECTIONS // 10


async def test_whatever_is_asked_on_udp() -> None:
    random = Random(3)
    async with serving(ReadyEvse(is_dc=True), [Iso2()]) as secc:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as asking:
            asking.setblocking(False)
            asking.bind(("::1", 0))
            request = bytes.fromhex("01fe9000000000021000")
            for _ in range(DATAGRAMS):
                with suppress(BlockingIOError):
                    asking.sendto(spoilt(random, request), ("::1", secc._settings.sdp_port))
                await asyncio.sleep(0)
            heard = []
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    while True:
                        heard.append(await asyncio.get_running_loop().sock_recv(asking, 2000))
            asking.sendto(request, ("::1", secc._settings.sdp_port))
            async with asyncio.timeout(10):
                assert (await asyncio.get_running_loop().sock_recv(asking, 100))[26] == Security.NONE
        assert {len(one) for one in heard} <= {28}
        assert secc.figures.ignored_datagrams > DATAGRAMS // 2
