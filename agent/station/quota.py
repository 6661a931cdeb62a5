"""Watches how far a transaction may still go at one EVSE: cost, energy, time, state of charge (E16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from agent.station.events import Event, LimitReached, TransactionLimited
from agent.station.evse import EvseState
from agent.system.clock import StationClock
from agent.transactions.limits import Progress, TxLimit, reached
from agent.transactions.records import Transaction

WISH_LASTS_S: Final = 180.0
"""For how long a limit waits that a driver has set before charging."""


class Quota:
    """What driver and backend have set, against what the meter, the clock and the bill say."""

    def __init__(
        self,
        clock: StationClock,
        counted_mwh: Callable[[], int | None],
        soc: Callable[[], int | None],
    ) -> None:
        self._clock = clock
        self._counted_mwh = counted_mwh
        self._soc = soc
        self.cost: Callable[[str], Decimal | None] = lambda _: None
        """What a transaction costs so far, by its id: as calculated here, else as the backend says."""
        self._wish: TxLimit | None = None
        self._wished_s = 0.0

    def wish(self, limit: TxLimit) -> None:
        """Take the limit of the driver who charges here, or is about to."""
        self._wish, self._wished_s = limit, self._clock.instant().monotonic_s

    def events(self, state: EvseState) -> Iterator[Event]:
        """Yield what a driver has set, and a limit that is reached or no longer is."""
        if self._wish is not None and self._clock.instant().monotonic_s - self._wished_s > WISH_LASTS_S:
            self._wish = None
        transaction = state.transaction
        if transaction is None or transaction.ending is not None:
            return
        now = self._clock.now()
        if self._wish is not None and state.authorization is not None:
            wish, self._wish = self._wish, None
            yield TransactionLimited(at=now, limit=wish, by="driver")
            return
        kinds = reached(transaction.limit, self._progress(transaction))
        kind = state.reached if state.reached in kinds else next(iter(kinds), None)
        if kind != state.reached:
            yield LimitReached(at=now, kind=kind)

    def _progress(self, transaction: Transaction) -> Progress:
        counted, begin = self._counted_mwh(), transaction.begin_mwh
        return Progress(
            lasts=self._clock.now() - transaction.started_at,
            energy_mwh=None if counted is None or begin is None else counted - begin,
            cost=self.cost(transaction.id),
            soc=self._soc(),
        )
