"""What drivers are shown, on the display of an emulated OpenEVSE controller over a real pseudo terminal."""

from __future__ import annotations

from pathlib import Path

from agent.display.notes import Note
from agent.display.screens import Screen
from tests.hil.openevse import rig
from tests.unit.agent.display.test_board import at
from tests.unit.agent.display.texts import text


async def test_a_message_stands_on_the_display_until_it_is_cleared(tmp_path: Path) -> None:
    async with at(tmp_path) as (board, place), rig() as one:
        screen = Screen("display 1", one.controller, 1, board, lambda: place.clock.monotonic_s)
        await board.set(text(1, text="Closed tomorrow, please charge today"))
        await screen.look()
        assert (screen.problem, one.board.display) == (None, ["Closed tomorrow,", "please charge   "])
        board.notes.tell(1, Note(topic="cost", text="3.20 EUR"))
        await board.clear(1)
        await screen.look()
        assert one.board.display == ["3.20 EUR        ", " " * 16]
