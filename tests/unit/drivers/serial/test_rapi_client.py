"""The client on a real pseudo terminal, with peers that behave and that do not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from drivers.serial.errors import NoAnswer, PortUnavailable, Refused, UnexpectedAnswer
from drivers.serial.rapi import Booted, Notice, checksum
from drivers.serial.rapi_answers import Usage
from drivers.serial.rapi_client import RapiClient
from tests.real_time import clock, until
from tests.unit.drivers.serial.peers import SETTINGS, Peer, peer


def framed(body: str) -> bytes:
    return body.encode() + b"^%02X\r" % checksum(body.encode())


def replying(text: str) -> Callable[[bytes], bytes]:
    """Answer every command with this, and the command's number."""
    return lambda heard: framed(f"{text} {heard.rsplit(b' ', 1)[1][:3].decode()}")


def in_turn(*answers: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Answer each command as its own one of these does."""
    left = list(answers)

    def answer(heard: bytes) -> bytes:
        return left.pop(0)(heard)

    return answer


@contextmanager
def connected(answer: Callable[[bytes], bytes], timeout_s: float = 0.2) -> Iterator[tuple[Peer, RapiClient]]:
    with peer(answer) as device:
        client = RapiClient(device.port, SETTINGS, clock, timeout_s=timeout_s)
        try:
            yield device, client
        finally:
            client.close()


async def test_a_command_is_answered() -> None:
    with connected(replying("$OK 7200 1000")) as (device, client):
        before = clock()
        usage, arrived = await client.get("GU", Usage.parse)
        assert usage == Usage(session_ws=7200, ended_sessions_wh=1000)
        assert before.monotonic_s < arrived.monotonic_s <= clock().monotonic_s
        assert bytes(device.heard) == framed("$GU :01")


async def test_commands_wait_for_each_other() -> None:
    with connected(replying("$OK 1")) as (_, client):
        answers = await asyncio.gather(*(client.do(f"S4 {number % 2}") for number in range(20)))
        assert all(answer.params == ("1",) for answer in answers)


async def test_a_refusal_says_what_was_refused() -> None:
    with connected(replying("$NK 32")) as (device, client):
        assert not (await client.ask("SC 40 V")).accepted
        with pytest.raises(Refused, match=r"SC 40 V was refused: 32") as refusal:
            await client.do("SC 40 V")
        assert (refusal.value.port, refusal.value.command) == (device.port, "SC 40 V")


async def test_an_answer_that_makes_no_sense() -> None:
    with (
        connected(replying("$OK 7200")) as (_, client),
        pytest.raises(UnexpectedAnswer, match="GU was answered"),
    ):
        await client.get("GU", Usage.parse)


async def test_silence_is_asked_twice() -> None:
    with connected(lambda _: b"", timeout_s=0.05) as (device, client):
        with pytest.raises(NoAnswer, match="no answer to GS"):
            await client.ask("GS")
        assert bytes(device.heard) == framed("$GS :01") + framed("$GS :02")


async def test_a_late_answer_is_never_another_s() -> None:
    """The first question is answered late, while the second waits: both by replies of the same shape."""
    with connected(lambda _: b"", timeout_s=0.3) as (device, client):
        with pytest.raises(NoAnswer):
            await client.ask("GU")
        waiting = asyncio.ensure_future(client.get("GU", Usage.parse))
        await until(lambda: device.heard.count(b"\r") == 3)
        device.say(framed("$OK 1 1 :01") + framed("$OK 2 2 :02") + framed("$OK 3 3 :03"))
        assert (await waiting)[0].session_ws == 3


async def test_a_command_that_was_misheard_is_sent_again() -> None:
    with connected(in_turn(lambda _: framed("$NK"), replying("$OK 5")), timeout_s=5) as (_, client):
        assert (await client.do("GE")).params == ("5",)


async def test_a_damaged_answer_is_asked_for_again() -> None:
    damaged = replying("$OK 5")
    with connected(in_turn(lambda heard: damaged(heard).replace(b"5", b"6"), damaged), timeout_s=0.1) as (
        _,
        client,
    ):
        assert (await client.do("GE")).params == ("5",)


async def test_garbage_without_end_does_not_hold_it() -> None:
    with connected(lambda _: bytes(range(256)) * 8, timeout_s=0.1) as (_, client), pytest.raises(NoAnswer):
        await client.ask("GS")


async def test_notices_are_handed_on() -> None:
    notices: list[Notice] = []
    with connected(replying("$OK")) as (device, client):
        client.on_notice.append(notices.append)
        await client.do("FE")
        device.say(framed("$AB 00 8.2.1"))
        await until(partial(bool, notices))
        assert notices == [Booted(post_code=0, firmware="8.2.1")]


async def test_a_caller_that_gives_up_spoils_nothing() -> None:
    with connected(lambda _: b"", timeout_s=5) as (device, client):
        waiting = asyncio.ensure_future(client.ask("GS"))
        await until(lambda: device.heard.endswith(b"\r"))
        waiting.cancel()
        device.answer = replying("$OK 5")
        device.say(framed("$OK 4 :01"))
        assert (await client.do("GE")).params == ("5",)


async def test_a_port_that_is_lost_while_waiting() -> None:
    with connected(lambda _: b"", timeout_s=0.2) as (device, client):
        waiting = asyncio.ensure_future(client.ask("GS"))
        await until(lambda: device.heard.endswith(b"\r"))
        device.close()
        with pytest.raises(PortUnavailable):
            await waiting
