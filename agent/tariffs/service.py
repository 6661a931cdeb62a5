"""The station's tariffs: set and cleared by the backend, each durable before it counts (I07 to I10)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import msgspec

from agent.store import tariffs as stored
from agent.store.database import Database
from agent.tariffs.book import (
    Abilities,
    Installed,
    Refusal,
    cleared,
    current,
    in_force,
    problem_with,
    with_default,
)
from agent.tariffs.tariff import Tariff
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

ENABLED: Final = "TariffCostCtrlr.Enabled[Tariff]"
MOST_ELEMENTS: Final = "TariffCostCtrlr.MaxElements[Tariff]"
CONDITIONS: Final = "TariffCostCtrlr.ConditionsSupported[Tariff]"
ON_FAILURE: Final = "TariffCostCtrlr.HandleFailedTariff[Tariff]"
PROBLEM: Final = "TariffCostCtrlr.Problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms a driver charges: by a tariff of their own, else the EVSE's, or priced by the backend."""

    tariff: Tariff | None = None
    is_central: bool = False


class Tariffs:
    """The default tariffs, and what becomes of drivers' own. In memory only until `restore` gives a store."""

    def __init__(
        self, evse_ids: Callable[[], Collection[int]], settings: DeviceModel, now: Callable[[], datetime]
    ) -> None:
        self._evse_ids = evse_ids
        self._settings = settings
        self._now = now
        self._database: Database | None = None
        self._book: tuple[Installed, ...] = ()
        self._busy = asyncio.Lock()
        self.problem: Refusal | None = None
        """Why the last driver's tariff could not be used; None if it could."""
        settings.provide(PROBLEM, lambda: "false" if self.problem is None else "true")

    async def restore(self, database: Database) -> None:
        """Take over what is stored, and keep tariffs there from now on.

        Raises:
            StoreError: If it cannot be read.
        """
        self._database = database
        self._book = await database.read(stored.load)

    @property
    def book(self) -> tuple[Installed, ...]:
        """The default tariffs that count, and those that will."""
        return current(self._book, self._now())

    def in_force(self, evse_id: int) -> Tariff | None:
        """Return the tariff of who starts at an EVSE now without one of their own (I07.FR.14)."""
        found = in_force(self._book, evse_id, self._now()) if self._settings.flag(ENABLED) else None
        return None if found is None else found.tariff

    def problem_with(self, tariff: Tariff) -> Refusal | None:
        """Return why this station cannot calculate with a tariff, None if it can."""
        return problem_with(
            tariff,
            Abilities(
                most_elements=self._settings.integer(MOST_ELEMENTS),
                with_conditions=self._settings.flag(CONDITIONS),
            ),
        )

    async def set_default(self, evse_id: int, tariff: Tariff) -> Refusal | None:
        """Install a default tariff at an EVSE, or with 0 at each, or say why not (I07).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        there = self._evse_ids()
        if evse_id and evse_id not in there:
            return Refusal(status="Rejected", reason="UnknownEvse", why=f"there is no EVSE {evse_id}")
        if (problem := self.problem_with(tariff)) is not None:
            return problem
        async with self._busy:
            book = with_default(self.book, tariff, [evse_id] if evse_id else there, self._now())
            if isinstance(book, Refusal):
                return book
            await self._keep(book)
        log.info("tariff %s is the default at EVSE %s", tariff.id, evse_id or "any")
        return None

    async def clear(self, ids: Collection[str] | None, evse_id: int | None) -> tuple[str, ...]:
        """Remove default tariffs: of these ids or all, at one EVSE or everywhere; return which went (I10).

        A transaction goes on with the tariff that it has (I10.FR.07).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        async with self._busy:
            book, gone = cleared(self.book, ids, evse_id)
            if gone:
                await self._keep(book)
        return gone

    def terms(self, own: Tariff | None) -> Terms | Refusal:
        """Return on what terms a driver charges whom the backend gave this tariff, or why not at all (I08).

        When it begins to count is none of such a tariff's business.
        """
        if own is None:
            return Terms()
        if self._settings.flag(ENABLED):
            self.problem = self.problem_with(own)
        else:
            why = f"{ENABLED} is false"
            self.problem = Refusal(status="Rejected", reason="NotEnabled", why=why)
        if self.problem is None:
            return Terms(tariff=msgspec.structs.replace(own, valid_from=None))
        log.error("tariff %s of a driver cannot be used: %s", own.id, self.problem.why)
        match self._on_failure():
            case "Deauthorize":
                return self.problem
            case "CentralCost":
                return Terms(is_central=True)
            case "UseDefaultTariff":
                return Terms()

    def _on_failure(self) -> Literal["Deauthorize", "UseDefaultTariff", "CentralCost"]:
        match self._settings.text(ON_FAILURE):
            case "Deauthorize":
                return "Deauthorize"
            case "CentralCost":
                return "CentralCost"
            case _:
                return "UseDefaultTariff"

    async def _keep(self, book: tuple[Installed, ...]) -> None:
        if self._database is not None:
            await self._database.write(lambda opened: stored.save(opened, book))
        self._book = book
