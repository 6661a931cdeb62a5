"""Puts the chosen texts out on displays that have a few lines of text."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from agent.display.board import Board
from agent.display.choice import Shown
from agent.display.pages import page
from drivers.ports import DeviceError, Display

log = logging.getLogger(__name__)

_LOOK_S: Final = 0.5
_RETRY_S: Final = 10.0
_REPEAT_S: Final = 60.0
"""A display that lost its supply for a moment does not say so."""


class Screen:
    """One text display, of an EVSE or of the whole station; with nothing to show it shows what is its own."""

    def __init__(
        self, name: str, display: Display, evse_id: int | None, board: Board, now_s: Callable[[], float]
    ) -> None:
        self.name = name
        self.evse_id = evse_id
        self.problem: str | None = None
        """Why the display does not show what it should."""
        self.lines: tuple[str, ...] = ()
        """What it was last told to show."""
        self._display = display
        self._board = board
        self._now_s = now_s
        self._text: Shown | None = None
        self._since_s = 0.0
        self._told_s: float | None = None

    async def run(self) -> None:
        """Show what is to be shown until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_RETRY_S if self.problem else _LOOK_S)

    async def look(self) -> None:
        """Bring the display up to date; one that does not answer is reported once."""
        lines, now_s = self._wanted(), self._now_s()
        is_fresh = self._told_s is not None and now_s - self._told_s < _REPEAT_S
        if lines == self.lines and is_fresh and self.problem is None:
            return
        try:
            await self._display.show(lines)
        except DeviceError as error:
            if self.problem is None:
                log.warning("%s: %s", self.name, error)
            self.problem = str(error)
            return
        self.problem, self.lines, self._told_s = None, lines, now_s

    def _wanted(self) -> tuple[str, ...]:
        text, now_s = self._board.now(self.evse_id), self._now_s()
        if text != self._text:
            self._text, self._since_s = text, now_s
        if text is None:
            return ()
        return page(text.text, self._display.columns, self._display.rows, now_s - self._since_s)
