from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.display.notes import Note
from agent.display.pages import PAGE_S
from agent.display.report import display_commands
from agent.display.screens import Screen
from drivers.ports import DeviceError
from tests.unit.agent.display.test_board import at
from tests.unit.agent.display.texts import text


class MemoryDisplay:
    """A display of two lines."""

    columns, rows = 10, 2

    def __init__(self) -> None:
        self.is_silent = False
        self.shown: list[tuple[str, ...]] = []

    async def show(self, lines: Sequence[str]) -> None:
        if self.is_silent:
            raise DeviceError("no answer")
        self.shown.append(tuple(lines))


async def test_a_display_is_told_what_changes_page_by_page_and_then_its_own(tmp_path: Path) -> None:
    async with at(tmp_path) as (board, place):
        display = MemoryDisplay()
        screen = Screen("display 1", display, 1, board, lambda: place.clock.monotonic_s)
        await board.set(text(1, text="Please leave room for others"))
        for seconds in (0, PAGE_S + 0.1, 0.1):
            place.clock.advance(seconds)
            await screen.look()
        await board.clear(1)
        await screen.look()
        assert display.shown == [("Please", "leave room"), ("for others",), ()]


async def test_a_display_is_told_again_after_a_while(tmp_path: Path) -> None:
    """One that lost its supply for a moment would stay dark otherwise."""
    async with at(tmp_path) as (board, place):
        display = MemoryDisplay()
        screen = Screen("display 1", display, None, board, lambda: place.clock.monotonic_s)
        board.notes.tell(1, Note(topic="cost", text="3.20 EUR"))
        for _ in range(4):
            await screen.look()
            place.clock.advance(31)
        assert display.shown == [("3.20 EUR",), ("3.20 EUR",)]


async def test_a_display_that_does_not_answer_is_reported_once_and_tried_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with at(tmp_path) as (board, place):
        display = MemoryDisplay()
        display.is_silent = True
        screen = Screen("display 1", display, 1, board, lambda: place.clock.monotonic_s)
        ask = display_commands(board, place.station.evses, [screen])["display"]
        await board.set(text(1))
        await screen.look()
        await screen.look()
        assert (await ask({}))["screens"] == [{"screen": "display 1", "lines": (), "problem": "no answer"}]
        display.is_silent = False
        await screen.look()
        assert (await ask({}))["screens"][0]["problem"] is None
        assert display.shown == [("text 1",)]
    assert caplog.text.count("display 1: no answer") == 1


async def test_a_technician_sees_every_text_and_where_it_comes_from(tmp_path: Path) -> None:
    async with at(tmp_path) as (board, place):
        await board.set(text(5, evse_id=2, language="de"))
        board.notes.tell(1, Note(topic="tariff", text="0.40 EUR/kWh"))
        told = await display_commands(board, place.station.evses, [])["display"]({})
        station, one, two = told["places"]
        assert [place["evse"] for place in told["places"]] == [None, 1, 2]
        assert len(station["cycle"]) == 2
        assert one["now"] == {
            "note": "tariff", "text": "0.40 EUR/kWh", "format": "UTF8", "language": None
        }  # fmt: skip
        assert two["now"] == {
            "message": 5, "priority": "NormalCycle", "text": "text 5", "format": "UTF8", "language": "de"
        }  # fmt: skip
