from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import pytest

from agent.authorization import readers
from agent.authorization.readers import ReaderService
from agent.store.database import StoreError
from agent.transactions.records import Token
from drivers.ports import DeviceError
from drivers.readings import CardReading
from tests.unit.agent.hardware import HandClock

Presented = str | Exception


class MemoryReader:
    """A card reader: presents what is put into `cards`, and raises the errors among them."""

    def __init__(self) -> None:
        self.cards: asyncio.Queue[Presented] = asyncio.Queue()

    async def read_card(self) -> CardReading:
        card = await self.cards.get()
        if isinstance(card, Exception):
            raise card
        kind: Literal["ISO14443", "ISO15693"] = "ISO15693" if card.startswith("E0") else "ISO14443"
        return CardReading(uid=card, type=kind, taken_at=HandClock().instant())


@dataclass
class Outcome:
    is_accepted: bool
    why: str = ""


class Bench:
    def __init__(self, evse_id: int | None) -> None:
        self.reader = MemoryReader()
        self.taps: list[tuple[Token, int | None]] = []
        self.signs_of_life = 0
        self.answer: Outcome | StoreError = Outcome(is_accepted=True)
        self.service = ReaderService("reader 1", self.reader, self._tap, self._alive, evse_id)

    async def _tap(self, token: Token, evse_id: int | None) -> Outcome:
        self.taps.append((token, evse_id))
        if isinstance(self.answer, StoreError):
            raise self.answer
        return self.answer

    def _alive(self) -> None:
        self.signs_of_life += 1

    async def present(self, *cards: Presented) -> None:
        for card in cards:
            self.reader.cards.put_nowait(card)
        await self.until(self.reader.cards.empty)
        await asyncio.sleep(0)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not true():
                await asyncio.sleep(0)


@asynccontextmanager
async def running(evse_id: int | None = None) -> AsyncIterator[Bench]:
    bench = Bench(evse_id)
    task = asyncio.create_task(bench.service.run())
    try:
        yield bench
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_RETRY_S", 0.0)


@pytest.mark.parametrize("evse_id", [None, 2])
async def test_a_card_is_presented_as_a_token(evse_id: int | None) -> None:
    async with running(evse_id) as bench:
        await bench.present("04A2B3C4", "E00401")
        assert bench.taps == [
            (Token(id="04A2B3C4", type="ISO14443"), evse_id),
            (Token(id="E00401", type="ISO15693"), evse_id),
        ]


async def test_the_log_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with running() as bench:
        bench.answer = Outcome(is_accepted=False, why="Blocked")
        await bench.present("04A2B3C4D5E6F7")
        await bench.until(lambda: "refused: Blocked" in caplog.text)
    assert "card ..E6F7 refused: Blocked" in caplog.text
    assert "04A2" not in caplog.text


async def test_a_reader_that_fails_is_reported_once_and_works_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with running() as bench:
        await bench.present(*[DeviceError("it is silent")] * 5)
        await bench.until(lambda: bench.service.problem == "it is silent")
        await bench.present("04A2B3C4")
        await bench.until(lambda: bool(bench.taps) and bench.service.problem is None)
    assert caplog.text.count("no cards can be read") == 1
    assert caplog.text.count("answers again") == 1


async def test_without_a_store_nobody_charges_but_the_reader_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with running() as bench:
        bench.answer = StoreError("disk full")
        await bench.present("04A2B3C4", "04A2B3C5")
        await bench.until(lambda: len(bench.taps) == 2)
    assert "could not be dealt with: disk full" in caplog.text


async def test_it_gives_signs_of_life_while_nobody_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_SIGN_OF_LIFE_S", 0.001)
    async with running() as bench:
        await bench.until(lambda: bench.signs_of_life > 3)
        assert bench.service.problem is None
        await bench.present("04A2B3C4")
        await bench.until(lambda: bool(bench.taps))
