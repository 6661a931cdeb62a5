"""Counts on what sessions cost between the backend's messages, and sends it the meter values it waits for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from agent.costs.costs import Costs
from agent.costs.default_price import default_price
from agent.costs.pricing import (
    Anchor,
    Seen,
    Triggers,
    crossed,
    due_at,
    following,
    rounded,
    turned,
)
from agent.station.connector import ConnectorView
from agent.station.events import Event, SampleDue
from agent.station.evse import EvseState, IllegalTransition
from agent.store.database import StoreError
from agent.system.clock import StationClock
from agent.transactions.records import Sample, SampleContext
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

DECIMALS: Final = "TariffCostCtrlr.NumberOfDecimalsForCostValues"
AFTER_STOP: Final = "TariffCostCtrlr.CustomIdleFeeAfterStop"
LOOK_S: Final = 0.5
_POWER: Final = "Power.Active.Import"
_MWH_PER_WH: Final = 1000
_W_PER_KW: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorUnplugged:
    """The cable of a priced transaction is out: idle fees end. Kept until it is told."""

    number: int
    at: datetime


class Metered(Protocol):
    """An EVSE as seen from here."""

    @property
    def state(self) -> EvseState:
        """What there is to know of it."""

    @property
    def transaction_id(self) -> str | None:
        """The transaction that runs here."""

    @property
    def counted_mwh(self) -> int | None:
        """The meter's latest count."""

    @property
    def view(self) -> ConnectorView:
        """The connector from outside."""

    def latest_sample(self, measurands: tuple[str, ...], context: SampleContext) -> Sample | None:
        """Return the meter's latest values."""

    async def apply(self, event: Event) -> EvseState:
        """Apply an event."""


@dataclass(kw_only=True)
class _Session:
    """A transaction that is priced; `number` is what the backend calls it, None where it has not said."""

    transaction_id: str
    anchor: Anchor
    begin_wh: int
    number: int | None = None
    triggers: Triggers = field(default_factory=Triggers)
    status_of: Callable[[ConnectorView], str] = lambda view: view.status
    seen: Seen | None = None
    is_settled: bool = False
    """Whether the backend has said what it cost in the end."""


class RunningCosts:
    """The sessions whose price is known."""

    def __init__(
        self,
        evses: Callable[[], Mapping[int, Metered]],
        costs: Costs,
        settings: DeviceModel,
        clock: StationClock,
    ) -> None:
        self._evses = evses
        self._costs = costs
        self._settings = settings
        self._clock = clock
        self._sessions: dict[int, _Session] = {}
        self._is_online: Callable[[], bool] = lambda: True
        self._report: Callable[[ConnectorUnplugged], Awaitable[None]] | None = None

    def connect(
        self, is_online: Callable[[], bool], report: Callable[[ConnectorUnplugged], Awaitable[None]]
    ) -> None:
        """Say whether the backend can be reached, and how it is told."""
        self._is_online = self._costs.is_online = is_online
        self._report = report

    def evse_of(self, number: int) -> tuple[int, str] | None:
        """Return EVSE and id of what was priced under this number, if it is the latest there."""
        for evse_id, session in self._sessions.items():
            if session.number == number:
                return evse_id, session.transaction_id
        return None

    async def price(
        self,
        evse_id: int,
        transaction_id: str,
        number: int,
        anchor: Anchor,
        triggers: Triggers,
        status_of: Callable[[ConnectorView], str],
    ) -> None:
        """Go on from what the backend says is due.

        Raises:
            StoreError: If it could not be made durable; it counts all the same.
        """
        before = self._sessions.get(evse_id)
        is_known = before is not None and before.transaction_id == transaction_id
        self._sessions[evse_id] = _Session(
            transaction_id=transaction_id,
            number=number,
            anchor=following(before.anchor if before is not None and is_known else None, anchor),
            begin_wh=before.begin_wh if before is not None and is_known else anchor.meter_wh,
            triggers=triggers,
            status_of=status_of,
        )
        await self._costs.charged(evse_id, transaction_id, anchor.due)

    def settled(self, evse_id: int) -> None:
        """Count no further at this EVSE: the backend has said what it cost in the end."""
        session = self._sessions.get(evse_id)
        if session is not None:
            session.is_settled = True
            self._costs.farewell(evse_id, session.transaction_id)

    async def run(self) -> None:
        """Follow the sessions until cancelled."""
        while True:
            for evse_id, evse in self._evses().items():
                try:
                    await self.follow(evse_id, evse)
                except StoreError as error:
                    log.error("EVSE %d: costs cannot be followed: %s", evse_id, error)
                except ArithmeticError as error:  # times or amounts beyond all reckoning
                    log.error("EVSE %d: its price cannot be counted with: %s", evse_id, error)
                    self._sessions.pop(evse_id, None)
            await asyncio.sleep(LOOK_S)

    async def follow(self, evse_id: int, evse: Metered) -> None:
        """Look at one EVSE.

        Raises:
            StoreError: If something that must be told could not be made durable.
        """
        session = self._sessions.get(evse_id)
        running = evse.transaction_id
        if session is None or running not in (None, session.transaction_id):
            session = self._begun_offline(evse_id, evse)
        if session is None:
            return
        if running is None and not evse.state.has_cable:
            del self._sessions[evse_id]
            self._costs.farewell(evse_id, session.transaction_id)
            await self._tell_unplugged(session)
            return
        if running is None and (session.is_settled or session.anchor.idle_since is None):
            return
        self._count(evse_id, evse, session)
        if running is not None:
            await self._pull_triggers(evse, session)

    def _begun_offline(self, evse_id: int, evse: Metered) -> _Session | None:
        """Price a transaction by DefaultPrice while the backend cannot be asked."""
        self._sessions.pop(evse_id, None)
        price = default_price(self._settings)
        running, count_mwh = evse.transaction_id, evse.counted_mwh
        if running is None or count_mwh is None or self._is_online() or price.charging_price is None:
            return None
        meter_wh = count_mwh // _MWH_PER_WH
        charging = price.charging_price.read()
        anchor = Anchor(at=self._clock.now(), meter_wh=meter_wh, due=charging.flat, charging=charging)
        self._sessions[evse_id] = _Session(transaction_id=running, anchor=anchor, begin_wh=meter_wh)
        return self._sessions[evse_id]

    def _count(self, evse_id: int, evse: Metered, session: _Session) -> None:
        now, count_mwh = self._clock.now(), evse.counted_mwh
        meter_wh = session.anchor.meter_wh if count_mwh is None else count_mwh // _MWH_PER_WH
        session.anchor = turned(session.anchor, now, meter_wh)
        due = rounded(due_at(session.anchor, now, meter_wh), self._settings.integer(DECIMALS))
        self._costs.estimated(evse_id, session.transaction_id, due)

    async def _pull_triggers(self, evse: Metered, session: _Session) -> None:
        count_mwh = evse.counted_mwh
        meter_wh = session.begin_wh if count_mwh is None else count_mwh // _MWH_PER_WH
        seen = Seen(
            at=self._clock.now(),
            energy_kwh=Decimal(meter_wh - session.begin_wh) / _MWH_PER_WH,
            power_kw=_power_kw(evse.latest_sample((_POWER,), "Trigger")),
            status=session.status_of(evse.view),
        )
        is_due, session.seen = crossed(session.triggers, session.seen, seen)
        if is_due:
            try:
                await evse.apply(SampleDue(at=seen.at, trigger="Trigger"))
            except IllegalTransition:
                log.debug("no meter values for a transaction that has just ended")

    async def _tell_unplugged(self, session: _Session) -> None:
        if session.number is not None and self._report is not None and self._settings.flag(AFTER_STOP):
            await self._report(ConnectorUnplugged(number=session.number, at=self._clock.now()))


def _power_kw(sample: Sample | None) -> Decimal | None:
    for value in () if sample is None else sample.values:
        if value.measurand == _POWER and value.phase is None:
            return value.value / _W_PER_KW if value.unit == "W" else value.value
    return None
