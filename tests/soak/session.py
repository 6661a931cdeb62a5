"""One stack under cuts: sessions with SIGKILL of agent and backend and a cut link, then the audit."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.ev import EvSpec
from tests.stack.agent import AgentProcess, StationSpec, write_station_file
from tests.stack.backend import BackendProcess, StoredTransaction
from tests.stack.proxy import CuttableLink

Victim = Literal["agent", "backend", "link"]

STATION_ID = "CH-SOAK-1"
PASSWORD = "a-password-of-16-or-more"
CARD = "SOAK-CARD"
SPEED = 60.0
PATIENCE_S = 60.0
THIRSTY = EvSpec(battery_kwh=100_000.0, stored_kwh=0.0)
"""A car that a long soak does not fill."""

VARIABLES: dict[str, str | int | bool] = {
    "OCPPCommCtrlr.RetryBackOffWaitMinimum": 0,
    "OCPPCommCtrlr.RetryBackOffRandomRange": 1,
    "OCPPCommCtrlr.RetryBackOffRepeatTimes": 0,
    "OCPPCommCtrlr.MessageTimeout[Default]": 5,
    "OCPPCommCtrlr.MessageAttempts[TransactionEvent]": 1000,
    "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]": 1,
    "OCPPCommCtrlr.WebSocketPingInterval": 5,
    "SampledDataCtrlr.TxUpdatedInterval": 1,
}


class Stuck(AssertionError):
    """Something that must come to pass did not."""


@dataclass
class Tally:
    """What was done to the stack, and what was found wrong (nothing, if all is well)."""

    sessions: int = 0
    cuts: dict[Victim, int] = field(default_factory=lambda: {"agent": 0, "backend": 0, "link": 0})
    findings: list[str] = field(default_factory=list)

    @property
    def total_cuts(self) -> int:
        """All cuts together."""
        return sum(self.cuts.values())


class SoakedStack:
    """An emulated bay, an agent behind a link that can be cut, and a backend."""

    def __init__(self, directory: Path, seed: int) -> None:
        self._directory = directory
        self._random = random.Random(seed)
        self._seed = seed
        self._stack = AsyncExitStack()
        self._seen: set[str] = set()
        self.tally = Tally()
        self.bay: EmulatedBay
        self.link: CuttableLink
        self.backend = BackendProcess(directory)
        self.agent = AgentProcess(directory, log_frames=True)

    async def __aenter__(self) -> Self:
        self.bay = await self._stack.enter_async_context(
            EmulatedBay(speed=SPEED, seed=self._seed, ev=THIRSTY)
        )
        await self.backend.prepare(stations={STATION_ID: PASSWORD}, tokens=[CARD])
        await self.backend.start()
        self._stack.push_async_callback(self.backend.kill)
        self.link = await self._stack.enter_async_context(CuttableLink("127.0.0.1", self.backend.ocpp_port))
        url = self.backend.ocpp_url.replace(f":{self.backend.ocpp_port}", f":{self.link.port}")
        spec = StationSpec(
            directory=self._directory,
            csms_url=url,
            station_id=STATION_ID,
            password=PASSWORD,
            variables=VARIABLES,
        )
        write_station_file(spec, [self.bay])
        await self.agent.start()
        self._stack.push_async_callback(self.agent.kill)
        await self.agent.wait_for_line("registration Accepted")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def session(self, victims: tuple[Victim, ...], max_cuts: int) -> None:
        """Charge once, with up to `max_cuts` cuts at random moments, and audit what the backend holds."""
        start_wh = register_wh(self.bay)
        is_over = asyncio.Event()
        cutting = asyncio.create_task(self._cut_at_random(victims, max_cuts, is_over), name="cuts")
        try:
            self.bay.plug_in()
            await self._until("the car charges", self._start_by_card)
            await asyncio.sleep(self._random.uniform(1.0, 3.0))
            if self._random.random() < 0.5:
                await self._until("the card stops it", self._stop_by_card)
            self.bay.unplug()
            await self._until("the transaction ends", self._has_ended)
        finally:
            is_over.set()
            await cutting  # whatever it has taken comes back
        await self._until("everything is delivered", self._is_delivered)
        self.tally.sessions += 1
        await self._audit(register_wh(self.bay) - start_wh)

    async def _cut_at_random(
        self, victims: tuple[Victim, ...], max_cuts: int, is_over: asyncio.Event
    ) -> None:
        """Cut until it is over, which interrupts no cut."""
        for _ in range(max_cuts):
            with suppress(TimeoutError):
                await asyncio.wait_for(is_over.wait(), self._random.uniform(0.05, 2.0))
            if is_over.is_set():
                return
            victim = self._random.choice(victims)
            self.tally.cuts[victim] += 1
            await self._cut(victim)

    async def _cut(self, victim: Victim) -> None:
        away_s = self._random.uniform(0.0, 0.8)
        match victim:
            case "agent":
                await self.agent.kill()
                await asyncio.sleep(away_s)
                await self.agent.start()
            case "backend":
                await self.backend.kill()
                await asyncio.sleep(away_s)
                await self.backend.start()
            case "link":
                self.link.cut()
                await asyncio.sleep(away_s)
                self.link.mend()

    async def _start_by_card(self) -> bool:
        evse = await self._evse()
        if evse is None:
            return False
        if evse["transaction"] is None and evse["token"] is None and evse["phase"] == "cable-only":
            await self.agent.tap(CARD)
        return bool(evse["charging_state"] == "Charging" and self.bay.contactor_closed)

    async def _stop_by_card(self) -> bool:
        evse = await self._evse()
        if evse is not None and evse["token"] is not None:
            await self.agent.tap(CARD)
        return evse is not None and evse["transaction"] is None and evse["token"] is None

    async def _has_ended(self) -> bool:
        evse = await self._evse()
        return evse is not None and evse["transaction"] is None and evse["phase"] == "idle"

    async def _is_delivered(self) -> bool:
        status = await self.agent.status()
        if status is None or status["outbox"]["waiting"]:
            return False
        return all(transaction.has_cdr for transaction in self.backend.transactions(STATION_ID))

    async def _evse(self) -> dict[str, object] | None:
        status = await self.agent.status()
        return None if status is None else status["evses"][0]

    async def _until(self, what: str, check: Callable[[], Awaitable[bool]]) -> None:
        until_s = time.monotonic() + PATIENCE_S
        while not await check():
            if time.monotonic() > until_s:
                raise Stuck(
                    f"session {self.tally.sessions + 1} (seed {self._seed}): "
                    f"not in {PATIENCE_S:.0f} s: {what}\n"
                    f"agent: {await self.agent.status()}\n{self.agent.last_words(15)}\n"
                    f"backend:\n{self.backend.last_words(15)}"
                )
            await asyncio.sleep(0.1)

    async def _audit(self, energy_wh: int) -> None:
        """Compare what the backend holds of this session with the truth."""
        new = [t for t in self.backend.transactions(STATION_ID) if t.transaction_id not in self._seen]
        self._seen |= {transaction.transaction_id for transaction in new}
        where = f"session {self.tally.sessions} (seed {self._seed})"
        if len(new) != 1:
            self.tally.findings.append(f"{where}: {len(new)} transactions instead of one")
        status = await self.agent.status()
        if status is not None and status["outbox"]["set_aside"]:
            self.tally.findings.append(f"{where}: {status['outbox']['set_aside']} events set aside")
        for transaction in new:
            self.tally.findings += [f"{where}: {finding}" for finding in check(transaction, energy_wh)]


def check(transaction: StoredTransaction, energy_wh: int) -> list[str]:
    """Return what is wrong with a stored transaction, the meter's truth being `energy_wh`."""
    found: list[str] = []
    if transaction.seq_nos != list(range(len(transaction.seq_nos))):
        found.append(f"seqNo {transaction.seq_nos}")
    if transaction.kinds.count("Started") != 1 or transaction.kinds[:1] != ["Started"]:
        found.append(f"starts wrongly: {transaction.kinds}")
    if transaction.kinds.count("Ended") != 1 or transaction.kinds[-1:] != ["Ended"]:
        found.append(f"ends wrongly: {transaction.kinds}")
    if transaction.energy_wh != energy_wh:
        found.append(f"{transaction.energy_wh} Wh stored, the meter counted {energy_wh} Wh")
    if transaction.cdr_energy_wh != energy_wh:
        found.append(f"{transaction.cdr_energy_wh} Wh in the CDR, the meter counted {energy_wh} Wh")
    return found


def register_wh(bay: EmulatedBay) -> int:
    """Return the meter's register in whole Wh, rounded down as the agent does."""
    return bay.energy_register_mwh // 1000
