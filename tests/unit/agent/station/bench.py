"""One EVSE on hardware in memory, over a real state file, with a clock that is moved by hand."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import msgspec

from agent.metering.poller import MeterPoller
from agent.smartcharging.cap import Supply
from agent.station.events import Authorized, Event, Withdrawn
from agent.station.evse import EvseState
from agent.station.faults import YOUNG_S
from agent.station.identity import EvseIdentity
from agent.station.limits import Wiring
from agent.station.service import EvseService
from agent.store import evses
from agent.store.database import Database, StoreError
from agent.store.journal import Journal
from agent.store.keeper import OutboxKeeper
from agent.transactions.records import Authorization, Token, TransactionEvent
from drivers.readings import Pilot
from tests.unit.agent.hardware import (
    ANY_LIMITS,
    HandClock,
    MemoryController,
    MemoryDigitalPilot,
    MemoryLock,
    MemoryMeter,
    MemoryPhaseSwitch,
    MemorySettings,
)

CARD = Token(id="CARD", type="ISO14443")
_STEP_S = YOUNG_S - 1
"""How far the clock goes at once: the latest reading stays young until there is a newer one."""


def wiring(*evse_ids: int, together_a: int = 32) -> Wiring:
    """Return what the EVSEs of tests are wired with: 16 A on three phases."""
    own, grid = (
        Supply(phases=3, voltage_v=Decimal(230), most_current_a=Decimal(most_a))
        for most_a in (16, together_a)
    )
    return Wiring(evses=dict.fromkeys(evse_ids, own), grid=grid)


class PowerCut(Exception):
    """The lights went out."""


class CutJournal(Journal):
    """A journal after whose `cut_after`-th commit nothing happens any more."""

    def __init__(self, database: Database, cut_after: int | None) -> None:
        super().__init__(database, lambda: None, OutboxKeeper())
        self._left = cut_after
        self.is_full = False

    @property
    def is_cut(self) -> bool:
        """Whether the power is gone."""
        return self._left == 0

    async def commit(self, evse_id: int, state: EvseState, event: TransactionEvent | None) -> None:
        if self.is_full:
            raise StoreError("disk full")
        if self.is_cut:
            raise PowerCut
        await super().commit(evse_id, state, event)
        if self._left is not None:
            self._left -= 1
            if self.is_cut:
                raise PowerCut


class Upstream:
    """The backend's side: whether it can be reached, and how often an EVSE changed."""

    def __init__(self) -> None:
        self.is_online = True
        self.changes = 0

    def evse_changed(self, _: int) -> None:
        self.changes += 1


class Bench:
    """An EVSE service with everything around it."""

    def __init__(self, database: Database, settings: MemorySettings, evse_id: int = 1) -> None:
        self.evse_id = evse_id
        self.share(HandClock())
        self.settings = settings
        self.upstream = Upstream()
        self.database = database
        self.journal = CutJournal(database, None)
        self.limits = ANY_LIMITS
        self.service = self._service(has_fixed_cable=True)

    def share(self, clock: HandClock) -> None:
        """Take hardware and time from this clock."""
        self.clock = clock
        self.meter = MemoryMeter(clock)
        self.controller = MemoryController(clock)
        self.lock: MemoryLock | None = None
        self.phase_switch: MemoryPhaseSwitch | None = None
        self.digital_pilot: MemoryDigitalPilot | None = None
        self.basic_after_s: float | None = None
        """For how long a vehicle may be silent, where vehicles speak; 0: it must speak."""

    def _looked(self) -> None:
        self.looks += 1

    def _service(self, *, has_fixed_cable: bool) -> EvseService:
        self.poller = MeterPoller("meter", self.meter, self.limits, self.clock.instant, lambda: None, 0.01)
        identity = EvseIdentity(
            evse_id=self.evse_id,
            connector_id=1,
            limit_a=16,
            has_fixed_cable=has_fixed_cable,
            period_s=0.02,
        )
        self.looks = 0
        """How often this service has looked around to the end."""
        self._asked_before = self.controller.asked
        service = EvseService(
            identity,
            self.controller,
            self.poller,
            self.journal,
            self.clock,
            self.settings,
            self.upstream,
            self._looked,
        )
        if self.lock is not None:
            service.hold_with(self.lock)
        if self.basic_after_s is not None:
            service.listen(basic_after_s=self.basic_after_s or None, pilot=self.digital_pilot)
        if self.phase_switch is not None:
            service.switch_phases_with(self.phase_switch)
        return service

    @asynccontextmanager
    async def running(self, *, has_fixed_cable: bool = True) -> AsyncIterator[EvseService]:
        """Run a service anew over the same hardware and state file, as after a start of the agent."""
        self.service = self._service(has_fixed_cable=has_fixed_cable)
        await self.service.resume()
        tasks = [asyncio.create_task(self.poller.run()), asyncio.create_task(self.service.run())]
        await self.until(lambda: self.poller.last is not None or self.meter.is_silent)
        try:
            yield self.service
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def state(self) -> EvseState:
        return self.service.state

    async def stored(self) -> EvseState:
        """Return what a start would find."""
        return await self.database.read(lambda connection: evses.load(connection, self.evse_id))

    def cut_after(self, commits: int | None) -> None:
        """Let the power go right after so many commits of the next run; None never."""
        self.journal = CutJournal(self.database, commits)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not holds():
                await asyncio.sleep(0.005)

    async def wait(self, seconds: float) -> None:
        """Let so much time pass; after each step the meter is read, and the service looks at what it said."""
        while seconds > 0:
            step_s = min(seconds, _STEP_S)
            self.clock.advance(step_s)
            self.meter.count(step_s)
            seconds -= step_s
            await self._until_read()
            await self._until_looked()

    async def _until_read(self) -> None:
        reads = self.meter.reads
        await self.until(lambda: self.meter.reads > reads)

    async def _until_looked(self) -> None:
        """Wait until the service has looked around once, from a beginning after this one."""
        begun = self.controller.asked - self._asked_before
        await self.until(lambda: self.looks > begun)

    async def until_charging(self) -> None:
        await self.until(lambda: self.state.charging_state == "Charging")

    async def tap(self, token: Token = CARD) -> None:
        authorization = Authorization(token=token, granted_at=self.clock.now())
        await self.service.apply(Authorized(at=self.clock.now(), authorization=authorization))

    async def stop_by_card(self) -> None:
        await self.service.apply(
            Withdrawn(at=self.clock.now(), trigger="StopAuthorized", reason="Local", token=CARD)
        )

    async def apply(self, event: Event) -> None:
        await self.service.apply(event)

    async def charge(self) -> None:
        """Plug in, present the card and wait until energy flows."""
        await self.apply_plug_and_card()
        await self.until_charging()

    async def apply_plug_and_card(self) -> None:
        """Plug in and present the card."""
        self.controller.pilot = Pilot.C
        await self.until(lambda: self.state.pilot is Pilot.C)
        await self.tap()

    async def events(self) -> list[TransactionEvent]:
        """Return what is in the outbox, in order."""

        def everything(connection: sqlite3.Connection) -> list[TransactionEvent]:
            rows = connection.execute("SELECT event FROM outbox ORDER BY position").fetchall()
            return [msgspec.json.decode(stored, type=TransactionEvent) for (stored,) in rows]

        return await self.database.read(everything)


@asynccontextmanager
async def bench(path: Path, **settings: str) -> AsyncIterator[Bench]:
    """A bench whose settings are given as TxCtrlr__TxStartPoint="EVConnected"."""
    database = Database(path / "agent.db")
    await database.open()
    try:
        yield Bench(database, MemorySettings(**settings))
    finally:
        await database.close()
