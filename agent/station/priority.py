"""Priority charging: one transaction, for now, gets all that the station can give (K21, K22).

The backend has installed a profile of purpose PriorityCharging beforehand; as long as it is used it stands in
the place of the transaction's other profiles. Limits of the station, and from outside, hold all the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from agent.smartcharging.profiles import WHOLE_STATION
from agent.smartcharging.timeline import said_by
from agent.station.limits import Limits
from agent.store import priority
from agent.store.database import Database, StoreError
from agent.system.clock import StationClock

log = logging.getLogger(__name__)

CHECK_EVERY_S: Final = 1.0
PriorityAnswer = Literal["Accepted", "NoProfile", "Rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged:
    """To be told: a transaction charges with priority from now on, or no longer."""

    transaction_id: str
    is_active: bool


class Prioritised(Protocol):
    """An EVSE as priority charging sees it."""

    @property
    def transaction_id(self) -> str | None:
        """The transaction that runs here."""


class Teller(Protocol):
    """Keeps what the backend is to be told."""

    async def add(self, record: object) -> None:
        """Keep a record until it is told."""


class PriorityCharging:
    """Which transactions charge with priority; over restarts, until their end."""

    def __init__(
        self, limits: Limits, evses: Callable[[], Mapping[int, Prioritised]], clock: StationClock
    ) -> None:
        self._limits = limits
        self._evses = evses
        self._clock = clock
        self._database: Database | None = None
        self._teller: Teller | None = None

    def tell(self, teller: Teller) -> None:
        """Say who is told."""
        self._teller = teller

    async def restore(self, database: Database) -> None:
        """Take over what was so before the agent stopped, and keep it from now on.

        Raises:
            StoreError: If it cannot be read.
        """
        self._database = database
        self._limits.prioritised = await database.read(priority.load)

    async def use(self, transaction_id: str, *, is_wanted: bool) -> PriorityAnswer:
        """Give a transaction priority, or take it back, and tell it (K21.FR.01 to K21.FR.04).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        evse_id = self._evse_of(transaction_id)
        if evse_id is None:
            return "Rejected"
        if is_wanted and not self._has_profile(evse_id):
            return "NoProfile"
        active = self._limits.prioritised
        if (transaction_id in active) != is_wanted:
            await self._set(active | {transaction_id} if is_wanted else active - {transaction_id})
            await self._tell(transaction_id, is_active=is_wanted)
        return "Accepted"

    async def run(self) -> None:
        """End what has no transaction or no profile any more, until cancelled.

        What was so before a restart is told again first: the power may have gone before it was.
        """
        for transaction_id in sorted(self._limits.prioritised):
            await self._tell(transaction_id, is_active=True)
        while True:
            try:
                await self.tidy()
            except StoreError as error:
                log.error("priority charging: %s", error)
            await asyncio.sleep(CHECK_EVERY_S)

    async def tidy(self) -> None:
        """End what has no transaction or no profile any more; the latter is told.

        Raises:
            StoreError: If it could not be made durable.
        """
        for transaction_id in sorted(self._limits.prioritised):
            evse_id = self._evse_of(transaction_id)
            if evse_id is not None and self._has_profile(evse_id):
                continue
            await self._set(self._limits.prioritised - {transaction_id})
            if evse_id is not None:
                await self._tell(transaction_id, is_active=False)

    def transaction_at(self, evse_id: int) -> str | None:
        """Return the transaction that somebody who stands at an EVSE means (K22)."""
        evse = self._evses().get(evse_id)
        return None if evse is None else evse.transaction_id

    def _evse_of(self, transaction_id: str) -> int | None:
        places = self._evses().items()
        return next((number for number, evse in places if evse.transaction_id == transaction_id), None)

    def _has_profile(self, evse_id: int) -> bool:
        """Whether a profile of this purpose says something at this EVSE now."""
        known = [
            one
            for one in self._limits.profiles
            if one.purpose == "PriorityCharging" and one.evse_id in (evse_id, WHOLE_STATION)
        ]
        now, reference = self._clock.now(), self._limits.view(evse_id).reference
        return any(said_by(one, now, reference).cap is not None for one in known)

    async def _set(self, active: frozenset[str]) -> None:
        if self._database is not None:
            await self._database.write(lambda opened: priority.save(opened, active))
        self._limits.prioritised = active
        self._limits.review()

    async def _tell(self, transaction_id: str, *, is_active: bool) -> None:
        log.info("transaction %s %s priority", transaction_id, "has" if is_active else "no longer has")
        if self._teller is not None:
            await self._teller.add(PriorityChanged(transaction_id=transaction_id, is_active=is_active))
