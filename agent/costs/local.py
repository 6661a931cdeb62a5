"""Shows drivers what charging costs where that is calculated here: before, while and after they charge."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from agent.costs.costs import COST, TARIFF, Costs
from agent.display.notes import Note, Notes
from agent.store.database import StoreError
from agent.tariffs.details import CostDetails
from agent.tariffs.service import Tariffs
from agent.tariffs.words import amount, described
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

_EVERY_S: Final = 0.5


class Bill(Protocol):
    """The bill at an EVSE."""

    @property
    def cost(self) -> CostDetails | None:
        """What the transaction that runs costs so far."""

    @property
    def last(self) -> tuple[str, CostDetails] | None:
        """The transaction that ended last, and what it cost."""


class Pricing(Protocol):
    """An EVSE whose transactions are priced here."""

    @property
    def pricing(self) -> Bill:
        """Its bill."""

    @property
    def transaction_id(self) -> str | None:
        """The transaction that runs here."""

    @property
    def has_driver(self) -> bool:
        """Whether a driver is authorized here."""


class LocalCosts:
    """Keeps the notes at every EVSE up to date."""

    def __init__(
        self,
        evses: Callable[[], Mapping[int, Pricing]],
        tariffs: Tariffs,
        costs: Costs,
        settings: DeviceModel,
    ) -> None:
        self._evses = evses
        self._tariffs = tariffs
        self._costs = costs
        self._settings = settings
        self._notes = Notes()
        self._told: dict[int, str] = {}

    def show_on(self, notes: Notes) -> None:
        """Say where drivers read it."""
        self._notes = notes

    async def run(self) -> None:
        """Follow the EVSEs until cancelled."""
        while True:
            await self.follow()
            await asyncio.sleep(_EVERY_S)

    async def follow(self) -> None:
        """Show what is so now, and keep what a transaction that is over cost."""
        for evse_id, evse in self._evses().items():
            self._offer(evse_id, evse)
            running = evse.pricing.cost
            if running is not None and self._settings.flag(COST):
                self._notes.tell(evse_id, Note(topic="cost", text=amount(running)))
            await self._conclude(evse_id, evse.pricing.last)

    def _offer(self, evse_id: int, evse: Pricing) -> None:
        """Show the EVSE's tariff to who comes by (I07.FR.30)."""
        tariff = self._tariffs.in_force(evse_id)
        is_free = evse.transaction_id is None and not evse.has_driver
        if tariff is None or not is_free or not self._settings.flag(TARIFF):
            self._notes.withdraw(evse_id, "offer")
            return
        text = described(tariff)
        self._notes.tell(
            evse_id, Note(topic="offer", text=text.text, format=text.format, language=text.language)
        )

    async def _conclude(self, evse_id: int, last: tuple[str, CostDetails] | None) -> None:
        if last is None or self._told.get(evse_id) == last[0]:
            return
        transaction_id, cost = last
        self._told[evse_id] = transaction_id
        try:
            await self._costs.calculated(evse_id, transaction_id, cost)
        except StoreError as error:
            log.error("a cost is shown but not kept: %s", error)
