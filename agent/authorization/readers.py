"""Card readers: a card that is presented goes the way of every other token."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from agent.store.database import StoreError
from agent.system.concerning import concerning
from agent.transactions.records import Token
from drivers.ports import CardReader, DeviceError
from drivers.readings import CardReading

log = logging.getLogger(__name__)

_RETRY_S = 1.0
_SIGN_OF_LIFE_S = 5.0
_SHOWN_DIGITS = 4
"""Of a card's number, in the log: it identifies a person."""


class Outcome(Protocol):
    """What came of a presented token."""

    @property
    def is_accepted(self) -> bool:
        """Whether it did what the driver wanted."""

    @property
    def why(self) -> str:
        """Why not, in a few words."""


Tap = Callable[[Token, int | None], Awaitable[Outcome]]
"""Presents a token, at an EVSE if one is named."""


class ReaderService:
    """One card reader. `evse_id` is the EVSE that it stands at, None if it is the whole station's."""

    def __init__(
        self,
        name: str,
        reader: CardReader,
        tap: Tap,
        alive: Callable[[], None],
        evse_id: int | None = None,
    ) -> None:
        self.name = name
        self.evse_id = evse_id
        self.problem: str | None = None
        """What is wrong with the reader, None while it answers."""
        self._reader = reader
        self._tap = tap
        self._alive = alive

    async def run(self) -> None:
        """Serve until cancelled; a reader that does not answer is reported once and tried on."""
        while True:
            self._alive()
            try:
                card = await self._next_card()
            except DeviceError as error:
                if self.problem is None:
                    log.warning("%s: no cards can be read: %s", self.name, error)
                self.problem = str(error)
                await asyncio.sleep(_RETRY_S)
                continue
            if self.problem is not None:
                log.info("%s: answers again", self.name)
            self.problem = None
            if card is not None:
                await self._present(card)

    async def _next_card(self) -> CardReading | None:
        """Wait for a card, but not for ever; None if nobody came."""
        try:
            async with asyncio.timeout(_SIGN_OF_LIFE_S):
                return await self._reader.read_card()
        except TimeoutError:
            return None

    async def _present(self, card: CardReading) -> None:
        with concerning(evse=self.evse_id):
            await self._tell(card)

    async def _tell(self, card: CardReading) -> None:
        shown = f"card ..{card.uid[-_SHOWN_DIGITS:]}"
        try:
            outcome = await self._tap(Token(id=card.uid, type=card.type), self.evse_id)
        except StoreError as error:
            log.error("%s: %s could not be dealt with: %s", self.name, shown, error)
            return
        log.info(
            "%s: %s %s", self.name, shown, "accepted" if outcome.is_accepted else f"refused: {outcome.why}"
        )
