"""What the displays show, for technicians and for a screen program of the integrator's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from agent.display.board import Board
from agent.display.choice import Shown
from agent.display.messages import Message
from agent.display.screens import Screen
from agent.system.control import Command


def display_commands(
    board: Board, evse_ids: Collection[int], screens: Iterable[Screen]
) -> dict[str, Command]:
    """Return what may be asked, by name."""

    async def display(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "places": [_place(board, evse_id) for evse_id in (None, *sorted(evse_ids))],
            "screens": [
                {"screen": screen.name, "lines": screen.lines, "problem": screen.problem}
                for screen in screens
            ],
        }

    return {"display": display}


def _place(board: Board, evse_id: int | None) -> Mapping[str, Any]:
    now = board.now(evse_id)
    return {
        "evse": evse_id,
        "now": None if now is None else _text(now),
        "cycle": [_text(text) for text in board.cycle(evse_id)],
    }


def _text(text: Shown) -> Mapping[str, Any]:
    about = {"text": text.text, "format": text.format, "language": text.language}
    if isinstance(text, Message):
        return {"message": text.id, "priority": text.priority, **about}
    return {"note": text.topic, **about}
