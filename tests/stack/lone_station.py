"""An agent without a backend on emulated hardware: what it would tell is read from its state file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from agent.transactions.records import TransactionEvent
from drivers.emulated.bay import EmulatedBay
from tests.stack.agent import AgentProcess, StationSpec, write_station_file

CARD = "LONE-CARD"
NOBODY = "ws://127.0.0.1:9/ocpp"
ENERGY = "Energy.Active.Import.Register"
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class LoneStation:
    """A bay, the agent that runs it, and the agent's state file."""

    bay: EmulatedBay
    agent: AgentProcess
    state_file: Path

    async def evse(self) -> dict[str, Any]:
        """Return what `status` says of the EVSE; empty while the agent is away."""
        status = await self.agent.status()
        return {} if status is None else dict(status["evses"][0])

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something that the hardware shows."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                await asyncio.sleep(0.05)
        assert holds(), what

    async def until_evse(self, **wanted: object) -> dict[str, Any]:
        """Wait until the agent says all this of its EVSE."""
        seen: dict[str, Any] = {}
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not seen or any(seen[name] != value for name, value in wanted.items()):
                    seen = await self.evse()
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise AssertionError(f"not {wanted} but {seen}\n{self.agent.last_words()}") from error
        return seen

    async def charge(self) -> str:
        """Plug in, present the card, wait until energy flows; return the transaction's id."""
        self.bay.plug_in()
        await self.until_evse(phase="cable-only")
        await self.agent.tap(CARD)
        seen = await self.until_evse(charging_state="Charging")
        await self.until(lambda: self.bay.power_w > 3_000, "the vehicle draws")
        return str(seen["transaction"])

    def events(self) -> list[TransactionEvent]:
        """Return the messages that wait for a backend, in order."""
        with sqlite3.connect(f"file:{self.state_file}?mode=ro", uri=True) as connection:
            rows = connection.execute("SELECT event FROM outbox ORDER BY position").fetchall()
        return [msgspec.json.decode(stored, type=TransactionEvent) for (stored,) in rows]

    def counts_wh(self) -> list[tuple[datetime, int]]:
        """Return every count in them, by the time it carries."""
        return sorted(
            (sample.at, int(value.value))
            for event in self.events()
            for sample in event.samples
            for value in sample.values
            if value.measurand == ENERGY and value.phase is None
        )


@asynccontextmanager
async def lone_station(directory: Path, bay: EmulatedBay, more: str = "") -> AsyncIterator[LoneStation]:
    """Run an agent that lets every card charge, on this bay; `more` goes into the station file."""
    spec = StationSpec(
        directory=directory,
        csms_url=NOBODY,
        variables={
            "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
            "SampledDataCtrlr.TxUpdatedInterval": 1,
        },
    )
    async with bay:
        with write_station_file(spec, [bay]).open("a", encoding="utf-8") as file:
            file.write(more)
        agent = AgentProcess(directory)
        await agent.start()
        try:
            station = LoneStation(bay, agent, directory / "agent-state" / "agent.db")
            await station.until_evse(status="Available")
            yield station
        finally:
            if agent.is_running:
                agent.resume()
            assert await agent.stop() == 0, agent.last_words()
