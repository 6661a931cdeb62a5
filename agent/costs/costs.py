"""The costs of the station's transactions and what its drivers read of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, Protocol

from agent.costs.default_price import DEFAULT_PRICE, check, default_price
from agent.costs.records import Cost, PersonalText
from agent.display.notes import Note, Notes, Topic
from agent.store import costs
from agent.store.database import Database, StoreError
from agent.system.clock import StationClock
from agent.system.concerning import concerning
from agent.tariffs.details import CostDetails
from agent.tariffs.taxes import payable
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

TARIFF: Final = "TariffCostCtrlr.Enabled[Tariff]"
COST: Final = "TariffCostCtrlr.Enabled[Cost]"
CURRENCY: Final = "TariffCostCtrlr.Currency"
TARIFF_FALLBACK: Final = "TariffCostCtrlr.TariffFallbackMessage"
COST_FALLBACK: Final = "TariffCostCtrlr.TotalCostFallbackMessage"
PATIENCE_S: Final = 5.0
"""How long the backend may take to say what a transaction that is over costs."""
FAREWELL_S: Final = 60.0
"""How long the driver can read it."""
CHECK_EVERY_S: Final = 0.5
_TOPICS: Final[tuple[Topic, ...]] = ("tariff", "cost", "receipt")


class Priced(Protocol):
    """An EVSE as its costs see it."""

    @property
    def transaction_id(self) -> str | None:
        """The transaction that runs here."""


class Costs:
    """What the backend says of tariffs and costs. In memory only until `restore` gives it a store."""

    def __init__(
        self, evses: Callable[[], Mapping[int, Priced]], settings: DeviceModel, clock: StationClock
    ) -> None:
        self._evses = evses
        self._settings = settings
        self._clock = clock
        self._notes = Notes()
        self._database: Database | None = None
        self._latest: dict[int, Cost] = {}
        self._running: dict[int, str] = {}
        self._ended: dict[int, tuple[str, float]] = {}
        self.is_online: Callable[[], bool] = lambda: True
        """Whether the backend can be asked for prices."""
        settings.guard(DEFAULT_PRICE, check)

    def show_on(self, notes: Notes) -> None:
        """Say where drivers read it."""
        self._notes = notes

    async def restore(self, database: Database, notes: Notes) -> None:
        """Keep costs in a store from now on, and show what it has on these notes.

        Raises:
            StoreError: If it cannot be read.
        """
        self.show_on(notes)
        self._database = database
        self._latest = await database.read(costs.load)
        for evse_id, evse in self._evses().items():
            cost = self._latest.get(evse_id)
            if cost is not None and cost.transaction_id == evse.transaction_id:
                self._show(cost)

    def at(self, evse_id: int) -> Cost | None:
        """Return what the running transaction of an EVSE costs so far, else what its last one cost."""
        return self._latest.get(evse_id)

    def welcome(self, evse_id: int, text: PersonalText | None) -> None:
        """Show a driver the tariff (I01.FR.03); without one, what there is to be read then (I04.FR.01)."""
        self._notes.withdraw(evse_id, *_TOPICS)
        self._ended.pop(evse_id, None)
        fallback = self._default_text() or self._settings.text(TARIFF_FALLBACK)
        if text is None and fallback:
            text = PersonalText(text=fallback)
        self.update(evse_id, text)

    def _default_text(self) -> str:
        price = default_price(self._settings)
        return price.price_text if self.is_online() else price.price_text_offline or price.price_text

    def update(self, evse_id: int, text: PersonalText | None) -> None:
        """Show a driver another tariff than before (I06.FR.03)."""
        if text is not None and self._settings.flag(TARIFF):
            first, *others = (
                Note(topic="tariff", text=one.text, format=one.format, language=one.language)
                for one in (text, *text.others)
            )
            self._notes.tell(evse_id, replace(first, others=tuple(others)))

    async def charged(
        self, evse_id: int, transaction_id: str, total: Decimal, *, is_final: bool = False
    ) -> None:
        """Take note of what a transaction costs and show it (I02.FR.02, I03.FR.03).

        Raises:
            StoreError: If it could not be made durable; it is shown all the same.
        """
        currency = self._settings.text(CURRENCY)
        await self._take(evse_id, transaction_id, total, currency, is_final=is_final)

    async def calculated(self, evse_id: int, transaction_id: str, cost: CostDetails) -> None:
        """Take note of what a transaction that is over costs by its tariff, and show it.

        Raises:
            StoreError: If it could not be made durable; it is shown all the same.
        """
        total = payable(cost.payable, cost.currency)
        await self._take(evse_id, transaction_id, total, cost.currency, is_final=True)

    async def _take(
        self, evse_id: int, transaction_id: str, total: Decimal, currency: str, *, is_final: bool
    ) -> None:
        cost = Cost(
            transaction_id=transaction_id,
            evse_id=evse_id,
            total=total,
            currency=currency,
            at=self._clock.now(),
            is_final=is_final,
        )
        if self._is_of_now(cost):
            self._latest[evse_id] = cost
            self._show(cost)
            if self._database is not None:
                await self._database.write(lambda opened: costs.save(opened, cost))
        with concerning(evse=evse_id, transaction=transaction_id):
            log.info("transaction %s costs %s%s", transaction_id, cost.shown, "" if is_final else " so far")

    def receipt(self, evse_id: int, address: str) -> None:
        """Show a driver where to get a receipt."""
        self._notes.tell(evse_id, Note(topic="receipt", text=address, format="URI"))

    def farewell(self, evse_id: int, transaction_id: str) -> None:
        """Let the driver of a transaction that is over read what it cost, for a while from now."""
        self._ended[evse_id] = (transaction_id, self._clock.instant().monotonic_s)

    def estimated(self, evse_id: int, transaction_id: str, due: Decimal) -> None:
        """Show what the station itself has counted on since the backend last said what is due."""
        currency = self._settings.text(CURRENCY)
        self._show(
            Cost(
                transaction_id=transaction_id,
                evse_id=evse_id,
                total=due,
                currency=currency,
                at=self._clock.now(),
            )
        )

    async def run(self) -> None:
        """Follow transactions to their end and beyond, until cancelled."""
        while True:
            self.follow()
            await asyncio.sleep(CHECK_EVERY_S)

    def follow(self) -> None:
        """Say what there is to be read if a cost does not come (I05.FR.02); take it away in the end."""
        now_s = self._clock.instant().monotonic_s
        for evse_id, evse in self._evses().items():
            before, running = self._running.get(evse_id), evse.transaction_id
            if running is not None:
                self._running[evse_id] = running
            elif before is not None:
                del self._running[evse_id]
                self._ended[evse_id] = (before, now_s)
        for evse_id, (transaction_id, ended_s) in list(self._ended.items()):
            if now_s - ended_s >= FAREWELL_S:
                self._notes.withdraw(evse_id, *_TOPICS)
                del self._ended[evse_id]
            elif now_s - ended_s >= PATIENCE_S:
                self._fall_back(evse_id, transaction_id)

    def _fall_back(self, evse_id: int, transaction_id: str) -> None:
        latest, fallback = self._latest.get(evse_id), self._settings.text(COST_FALLBACK)
        is_known = latest is not None and latest.transaction_id == transaction_id and latest.is_final
        if fallback and not is_known and self._settings.flag(COST):
            self._notes.tell(evse_id, Note(topic="cost", text=fallback))

    def _is_of_now(self, cost: Cost) -> bool:
        """Whether this is the transaction that runs at its EVSE, or the last one there."""
        running = self._evses()[cost.evse_id].transaction_id
        return running is None or running == cost.transaction_id

    def _show(self, cost: Cost) -> None:
        if self._settings.flag(COST):
            self._notes.tell(cost.evse_id, Note(topic="cost", text=cost.shown))

    async def answered(
        self,
        evse_id: int,
        transaction_id: str,
        total: Decimal | None,
        text: PersonalText | None,
        *,
        is_final: bool,
    ) -> None:
        """Take note of what the backend's answer to a transaction event says (I03, I06).

        The event may be old, and its EVSE no longer in the station file.
        """
        evse = self._evses().get(evse_id)
        if evse is not None and evse.transaction_id == transaction_id:
            self.update(evse_id, text)
        if evse is None or total is None:
            return
        try:
            await self.charged(evse_id, transaction_id, total, is_final=is_final)
        except StoreError as error:
            log.error("a cost is shown but not kept: %s", error)
