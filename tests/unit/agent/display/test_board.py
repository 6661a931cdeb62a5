from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.authorization.verdicts import Verdict
from agent.display.board import MOST_MESSAGES, Board
from agent.display.messages import Criteria, Message
from agent.store.database import StoreError
from agent.variables.model import STATION
from tests.unit.agent.display.texts import text
from tests.unit.agent.hardware import START
from tests.unit.agent.station.test_station import ANNA, Forecourt, forecourt

EVERYTHING = Criteria()


@asynccontextmanager
async def at(path: Path, **settings: Any) -> AsyncIterator[tuple[Board, Forecourt]]:
    async with forecourt(path, **settings) as place:
        yield _board(place), place


def _board(place: Forecourt) -> Board:
    return Board(place.station.evses, place.database, place.settings, place.clock)


async def ids(board: Board) -> list[int]:
    return [message.id for message in await board.find(EVERYTHING)]


def on(board: Board, evse_id: int | None) -> list[str]:
    return [one.text for one in board.cycle(evse_id)]


async def test_messages_survive_a_restart_and_are_replaced_by_their_id(tmp_path: Path) -> None:
    """O01.FR.10, O02.FR.10, O06.FR.01: with all that was said of it."""
    async with at(tmp_path) as (board, place):
        assert await board.set(text(1)) is None
        assert await board.set(text(2, state="Idle", language="de")) is None
        assert await board.set(text(1, text="new", priority="InFront")) is None
        again = _board(place)
        await again.restore()
        assert await again.find(EVERYTHING) == [
            text(1, text="new", priority="InFront"),
            text(2, state="Idle", language="de"),
        ]


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (text(1, priority="InFront"), "NotSupportedPriority"),
        (text(1, format="HTML"), "NotSupportedMessageFormat"),
        (text(1, transaction_id="nobody's"), "UnknownTransaction"),
        (text(1, format="ASCII", text="Zürich"), "Rejected"),
        (text(1, language="deutsch"), "Rejected"),
        (text(1, evse_id=9), "Rejected"),
        (text(1, ends_at=START - timedelta(seconds=1)), "Rejected"),
        (text(1, starts_at=START + timedelta(3), ends_at=START + timedelta(2)), "Rejected"),
    ],
)
async def test_what_cannot_be_shown_is_refused_with_the_reason(
    tmp_path: Path, message: Message, status: str
) -> None:
    """O01.FR.01, O01.FR.03, O01.FR.17, O02.FR.01, O02.FR.03, O02.FR.05, O02.FR.12."""
    priorities = {"DisplayMessageCtrlr__SupportedPriorities": "AlwaysFront,NormalCycle"}
    async with at(tmp_path, **priorities) as (board, _):
        refusal = await board.set(message)
        assert refusal is not None
        assert refusal.status == status
        assert refusal.why
        assert await ids(board) == []


async def test_more_than_are_stored_are_refused_but_replacing_is_not_more(tmp_path: Path) -> None:
    """O01.FR.11, O02.FR.11."""
    async with at(tmp_path) as (board, place):
        entry = place.settings.find("DisplayMessageCtrlr", "DisplayMessages", None, STATION)
        for number in range(MOST_MESSAGES):
            assert await board.set(text(number)) is None
        refusal = await board.set(text(MOST_MESSAGES))
        assert refusal is not None
        assert refusal.status == "Rejected"
        assert await board.set(text(3, text="other")) is None
        assert (place.settings.value(entry), place.settings.maximum(entry)) == ("50", MOST_MESSAGES)


async def test_only_one_is_always_in_front_of_a_display(tmp_path: Path) -> None:
    """O01.FR.16, O02.FR.18."""
    async with at(tmp_path) as (board, _):
        await board.set(text(1, priority="AlwaysFront"))
        await board.set(text(2, priority="AlwaysFront", evse_id=2))
        await board.set(text(3, priority="AlwaysFront"))
        assert await ids(board) == [2, 3]


async def test_what_is_over_is_gone_for_good(tmp_path: Path) -> None:
    """O01.FR.07, O02.FR.07."""
    async with at(tmp_path) as (board, place):
        await board.set(text(1, ends_at=place.clock.now() + timedelta(seconds=60)))
        place.clock.advance(61)
        assert await ids(board) == []
        again = _board(place)
        await again.restore()
        assert await ids(again) == []


async def test_a_message_ends_with_its_transaction(tmp_path: Path) -> None:
    """O02.FR.02."""
    async with at(tmp_path) as (board, place), running(board):
        await place.plug(1)
        await place.accepted(ANNA, 1)
        transaction = place.station.evses[1].transaction_id
        assert await board.set(text(1, transaction_id=transaction)) is None
        assert (on(board, 1), on(board, 2), on(board, None)) == (["text 1"], [], ["text 1"])
        await place.accepted(ANNA, 1)
        await until(lambda: place.state(1).transaction is None)
        await until(lambda: on(board, None) == [])
        assert await ids(board) == []


async def test_states_are_those_of_the_evse_and_languages_those_of_the_driver(tmp_path: Path) -> None:
    async with at(tmp_path) as (board, place):
        place.backend.verdicts["ANNA"] = Verdict(status="Accepted", languages=("de", "fr"))
        for number, state in enumerate(("Charging", "Idle", "Faulted", "Unavailable")):
            await board.set(text(number, state=state, text=state))
        await board.set(text(8, language="en", text="Hello"))
        await board.set(text(9, language="de", text="Hallo"))
        assert on(board, 1) == ["Idle", "Hello", "Hallo"]
        await place.plug(1)
        await place.accepted(ANNA, 1)
        await until(lambda: place.state(1).charging_state == "Charging")
        assert on(board, 1) == ["Charging", "Hallo"]
        await place.break_down(2)
        assert on(board, 2) == ["Faulted", "Hello", "Hallo"]
        assert on(board, None) == ["Charging", "Faulted", "Hallo"]


async def test_a_closed_evse_is_unavailable(tmp_path: Path) -> None:
    async with at(tmp_path) as (board, place):
        await board.set(text(1, state="Unavailable"))
        place.station.evses[1].close(is_closed=True)
        assert (on(board, 1), on(board, 2)) == (["text 1"], [])


async def test_what_cannot_be_stored_is_not_shown(tmp_path: Path) -> None:
    async with at(tmp_path) as (board, place):
        (tmp_path / "agent.db").rename(tmp_path / "elsewhere.db")
        with pytest.raises(StoreError):
            await board.set(text(1))
        assert on(board, 1) == []
        assert place.state(1).fault is None


async def test_a_stored_message_that_makes_no_sense_is_dropped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with at(tmp_path) as (board, place):
        await place.database.write(
            lambda opened: opened.execute("INSERT INTO display_message (id, message) VALUES (4, '[]')")
        )
        await board.set(text(1))
        again = _board(place)
        await again.restore()
        assert await ids(again) == [1]
    assert "display message 4 cannot be read" in caplog.text


@asynccontextmanager
async def running(board: Board) -> AsyncIterator[None]:
    task = asyncio.create_task(board.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.01)
