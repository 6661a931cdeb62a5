"""A CSMS that answers events late, wrongly, twice or never: in the end it has each once, and in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection

from ocppj.errors import ErrorCode
from tests.conformance.history import problems, transactions
from tests.conformance.kit import Answer, Csms, Payload, Raw, Refuse, Silence
from tests.conformance.station import CARD, StationUnderTest
from tests.conformance.versions import VERSIONS, speaking
from tests.conformance.versions import told as told_by
from tests.stack.proxy import CuttableLink

SETTINGS = {
    "SampledDataCtrlr.TxUpdatedInterval": 1,
    "OCPPCommCtrlr.MessageTimeout[Default]": 1,
    "OCPPCommCtrlr.MessageAttempts[TransactionEvent]": 3,
    "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]": 1,
}
HEARTBEAT = json.dumps([3, "{id}", {"currentTime": "2026-01-02T03:04:05Z"}])
WRONG: dict[str, Answer] = {
    "never": Silence(),
    "another action's": Raw(HEARTBEAT),
    "against the schema": Raw('[3,"{id}",{"totalCost":"much","updatedPersonalMessage":7}]'),
    "no payload": Raw('[3,"{id}"]'),
    "no json": Raw('[3,"{id}",{'),
    "to somebody else": Raw('[3,"00000000-0000-0000-0000-000000000000",{}]'),
    "an empty error": Raw('[4,"{id}","","",{}]'),
    "an unknown error": Raw('[4,"{id}","NoSuchCode","x",{}]'),
    "of an unknown type": Raw('[7,"{id}",{}]'),
    **{f"error {code.value}": Refuse(code.value) for code in ErrorCode},
}


async def session(station: StationUnderTest) -> None:
    station.bay.plug_in()
    await station.until(phase="cable-only", timeout_s=30)
    await station.accepted(CARD)
    await station.until(charging_state="Charging", timeout_s=30)
    station.bay.unplug()
    await station.until(status="Available", transaction=None, timeout_s=30)


async def until_delivered(station: StationUnderTest) -> None:
    async with asyncio.timeout(60):
        while (await station.ask(do="status"))["outbox"] != {"waiting": 0, "set_aside": 0}:
            await asyncio.sleep(0.05)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("version", VERSIONS)
async def test_every_wrong_answer(tmp_path: Path, version: str) -> None:
    """E13.FR.01, E13.FR.02, E13.FR.03, E13.FR.04: attempts, then set aside; the next connection gets it all.

    Each event of a session meets another wrong answer, again and again.
    """
    wrong, told = list(WRONG.values()), dict[str, Answer]()

    def badly(payload: Payload) -> Answer:
        key = json.dumps({**payload, "offline": None})
        return told.setdefault(key, wrong[len(told) % len(wrong)])

    actions = told_by(version)
    async with speaking(version) as csms:
        async with StationUnderTest(directory=tmp_path, url=csms.url, variables=SETTINGS) as station:
            await csms.expect("BootNotification")
            csms.script |= dict.fromkeys(actions, badly)
            for _ in range(8):
                await session(station)
            async with asyncio.timeout(90):
                while len(told) < 8 or not (await station.ask(do="status"))["outbox"]["set_aside"]:
                    await asyncio.sleep(0.1)
            csms.script.clear()
            await csms.drop()
            await until_delivered(station)
        assert problems(csms) == []
        assert len(transactions(csms)) == 8
        attempts = [call.message_id for call in csms.calls(*actions)]
    assert len(attempts) > len(set(attempts)), "they were tried again, with their own message id"


@pytest.mark.timeout(90)
@pytest.mark.parametrize("delay_s", [0.0, 1.5], ids=["twice", "late and twice"])
@pytest.mark.parametrize("version", VERSIONS)
async def test_answers_that_come_twice_or_late(tmp_path: Path, delay_s: float, version: str) -> None:
    """E12.FR.01: an answer that nobody waits for any more does not count for the next call."""

    actions = told_by(version)

    class Repeating(Csms):
        async def _take_call(
            self, connection: ServerConnection, message_id: str, action: str, payload: Payload
        ) -> None:
            count = len(self.calls(*actions))
            if action in actions and count % 2 and count < 10:
                await asyncio.sleep(delay_s)
            await super()._take_call(connection, message_id, action, payload)
            if action in actions:
                await connection.send(self.frames[-1].text)

    settings = {**SETTINGS, "OCPPCommCtrlr.MessageAttempts[TransactionEvent]": 100}
    async with speaking(version, Repeating) as csms:
        async with StationUnderTest(directory=tmp_path, url=csms.url, variables=settings) as station:
            await csms.expect("BootNotification")
            for _ in range(2):
                await session(station)
            await until_delivered(station)
        assert problems(csms) == []
        assert len(transactions(csms)) == 2


@pytest.mark.timeout(90)
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_link_that_swallows_everything(tmp_path: Path, version: str) -> None:
    """Half-open TCP in mid session: found out by pings, and what was swallowed is told again."""
    settings = {**SETTINGS, "OCPPCommCtrlr.WebSocketPingInterval": 1}
    async with (
        speaking(version) as csms,
        CuttableLink("127.0.0.1", csms.port) as link,
    ):
        url = csms.url.replace(str(csms.port), str(link.port))
        async with StationUnderTest(directory=tmp_path, url=url, variables=settings) as station:
            await csms.expect("BootNotification")
            station.bay.plug_in()
            await station.until(phase="cable-only")
            await station.accepted(CARD)
            await station.until(charging_state="Charging", timeout_s=30)
            link.stall()
            await session_end(station, link.flow)
            await until_delivered(station)
        assert problems(csms) == []
        assert len(transactions(csms)) == 1
        assert csms.connections > 1


async def session_end(station: StationUnderTest, then: Callable[[], None]) -> None:
    station.bay.unplug()
    await station.until(status="Available", transaction=None, timeout_s=30)
    async with asyncio.timeout(30):
        while (await station.ask(do="status"))["backend"] != "disconnected":
            await asyncio.sleep(0.05)
    then()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_storm_of_restarts(tmp_path: Path, version: str) -> None:
    """Twenty SIGKILLs within seconds, in mid session: one transaction, all of it."""
    async with speaking(version) as csms:
        async with StationUnderTest(directory=tmp_path, url=csms.url, variables=SETTINGS) as station:
            await csms.expect("BootNotification")
            station.bay.plug_in()
            await station.until(phase="cable-only", timeout_s=30)
            await station.accepted(CARD)
            await station.until(charging_state="Charging", timeout_s=30)
            for number in range(20):
                await station.crash()
                await station.agent.start()
                await asyncio.sleep(0.05 * (number % 7))
            await station.crash()
            await station.power_on()
            await station.until(phase="powered", timeout_s=30)
            station.bay.unplug()
            await station.until(status="Available", transaction=None, timeout_s=30)
            await until_delivered(station)
        assert problems(csms) == []
        assert len(transactions(csms)) == 1
