"""The client on a real pseudo terminal, with peers that behave and that do not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from drivers.serial.errors import NoAnswer, PortUnavailable, Refused
from drivers.serial.pn532 import ACK, NACK, WAKE_UP, encode
from drivers.serial.pn532_client import Pn532Client
from tests.real_time import clock, until
from tests.unit.drivers.serial.peers import SETTINGS, Peer, peer

FIRMWARE = bytes.fromhex("0000FF06FAD50332010607E800")
ERROR = bytes.fromhex("0000FF01FF7F8100")
ASK = b"\x02"


@contextmanager
def connected(answer: Callable[[bytes], bytes], timeout_s: float = 0.1) -> Iterator[tuple[Peer, Pn532Client]]:
    with peer(answer) as device:
        client = Pn532Client(device.port, SETTINGS, clock, timeout_s=timeout_s)
        try:
            yield device, client
        finally:
            client.close()


def once(*answers: bytes) -> Callable[[bytes], bytes]:
    left = list(answers)
    return lambda _: left.pop(0) if left else b""


async def test_a_command_is_understood_and_answered() -> None:
    with connected(once(ACK + FIRMWARE)) as (device, client):
        before = clock()
        data, arrived = await client.do(ASK)
        assert data == bytes.fromhex("32010607")
        assert before.monotonic_s < arrived.monotonic_s
        assert bytes(device.heard) == encode(ASK)


async def test_a_command_that_was_not_understood_is_sent_again() -> None:
    for first in (b"", NACK, b"\x00\xff\xff\x00"):
        with connected(once(first, ACK + FIRMWARE)) as (device, client):
            assert (await client.do(ASK))[0] == bytes.fromhex("32010607")
            assert bytes(device.heard) == encode(ASK) * 2


async def test_a_damaged_answer_is_asked_for_again() -> None:
    with connected(once(ACK + FIRMWARE.replace(b"\x06\x07", b"\x06\x08"), FIRMWARE)) as (device, client):
        assert (await client.do(ASK))[0] == bytes.fromhex("32010607")
        assert bytes(device.heard) == encode(ASK) + NACK


async def test_silence_ends_with_the_command_taken_back() -> None:
    with connected(lambda _: b"") as (device, client):
        with pytest.raises(NoAnswer, match="no answer to command 02"):
            await client.do(ASK)
        await until(lambda: bytes(device.heard) == encode(ASK) * 2 + ACK)


async def test_understood_but_never_answered() -> None:
    with connected(once(ACK)) as (device, client):
        with pytest.raises(NoAnswer):
            await client.do(ASK)
        await until(lambda: bytes(device.heard) == encode(ASK) + NACK + ACK)


async def test_an_answer_to_another_command_is_not_this_one_s() -> None:
    other = FIRMWARE.replace(b"\x03\x32", b"\x15\x32").replace(b"\xe8", b"\xd6")
    with connected(once(ACK + other + FIRMWARE)) as (_, client):
        assert (await client.do(ASK))[0] == bytes.fromhex("32010607")


async def test_a_command_that_makes_no_sense() -> None:
    for answer in (ERROR, ACK + ERROR):
        with connected(once(answer)) as (_, client), pytest.raises(Refused, match="makes no sense"):
            await client.do(ASK)


async def test_half_an_answer_does_not_swallow_the_next() -> None:
    answers = once(ACK + FIRMWARE[:8], ACK + FIRMWARE)
    with connected(lambda heard: answers(heard) if heard.startswith(encode(ASK)) else b"") as (_, client):
        with pytest.raises(NoAnswer):
            await client.do(ASK)
        assert (await client.do(ASK))[0] == bytes.fromhex("32010607")


async def test_a_chip_that_never_stops_talking() -> None:
    with connected(lambda _: ACK * 500) as (_, client):
        with pytest.raises(NoAnswer):
            await client.do(ASK)
        assert client._frames.qsize() <= 16


async def test_waking_up() -> None:
    with connected(lambda _: b"") as (device, client):
        client.wake_up()
        await until(lambda: bytes(device.heard) == WAKE_UP)


async def test_a_chip_that_is_unplugged() -> None:
    with connected(lambda _: b"", timeout_s=1) as (device, client):
        waiting = asyncio.ensure_future(client.do(ASK))
        await until(lambda: bool(device.heard))
        device.close()
        with pytest.raises(PortUnavailable):
            await waiting
