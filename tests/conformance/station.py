"""The agent as the standard's system under test: in this process, with real sockets and emulated hardware."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agent.app import Agent, Ending
from agent.config import load_config
from agent.system.control import ask
from drivers.emulated.bay import EmulatedBay
from drivers.emulated.ev import EvSpec
from tests.conformance.kit import PATIENCE_S
from tests.stack.agent import StationSpec, write_station_file

CARD = "04A2B3C4D5"
OTHER_CARD = "04FFEEDDCC"
STATION_ID = "CH-CONFORM-1"
PASSWORD = "the-first-password"
SPEED = 40.0
_STOP_S = 25.0

Setting = str | int | bool

QUICK: Mapping[str, Setting] = {
    "OCPPCommCtrlr.RetryBackOffWaitMinimum": 0,
    "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
    "OCPPCommCtrlr.RetryBackOffRepeatTimes": 0,
    "AlignedDataCtrlr.Interval": 0,
    "SampledDataCtrlr.TxUpdatedInterval": 0,
}
"""No waits, and no samples but those a test asks for."""


@dataclass(kw_only=True)
class StationUnderTest:
    """A charging station while it is entered; `bays[0]` is EVSE 1."""

    directory: Path
    url: str | None
    variables: Mapping[str, Setting] = field(default_factory=dict)
    evses: int = 1
    socket_outlet: bool = False
    ev: EvSpec = field(default_factory=EvSpec)
    log_frames: bool = False

    def __post_init__(self) -> None:
        """Prepare; nothing is opened yet."""
        self.bays: list[EmulatedBay] = []
        self.restarts = 0
        self._boot_id = str(uuid.uuid4())
        self._resources = AsyncExitStack()
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        for number in range(self.evses):
            bay = EmulatedBay(speed=SPEED, ev=self.ev, seed=number, baud=57600)
            self.bays.append(await self._resources.enter_async_context(bay))
        self.configure(self.variables)
        await self.power_on()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.switch_off()
        finally:
            await self._resources.aclose()

    @property
    def bay(self) -> EmulatedBay:
        """The first EVSE's bay."""
        return self.bays[0]

    def configure(self, variables: Mapping[str, Setting]) -> None:
        """Write the station file; the next start reads it."""
        spec = StationSpec(
            directory=self.directory,
            csms_url=self.url,
            station_id=STATION_ID,
            password=PASSWORD,
            variables={**QUICK, **variables},
        )
        path = write_station_file(spec, self.bays)
        if self.socket_outlet:
            with path.open("a", encoding="utf-8") as file:
                file.write('\n[evse.connector]\ntype = "sType2"\n')

    async def power_on(self) -> None:
        """Start the agent and wait until it can be asked."""
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(self._run(self._stop), name="agent")
        while not (self.directory / "agent.sock").exists():
            await asyncio.sleep(0.01)
            if self._task.done():
                await self._task

    async def switch_off(self) -> None:
        """Stop the agent as systemd does, and wait."""
        self._stop.set()
        if self._task is not None:
            ended, _ = await asyncio.wait([self._task], timeout=_STOP_S)
            assert ended, "the agent does not stop"
            await self._task
        self._task = None

    async def cut_power(self) -> None:
        """Take the agent's life in the middle of whatever it does; the hardware stays as it is."""
        assert self._task is not None
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        self._boot_id = str(uuid.uuid4())

    async def crash(self) -> None:
        """Take the agent's life as a fault of its own does: the machine stays up."""
        before = self._boot_id
        await self.cut_power()
        self._boot_id = before

    async def tap(self, token: str = CARD, evse: int | None = None) -> Mapping[str, Any]:
        """Present a card."""
        return await self.ask(do="tap", token=token, evse=evse)

    async def accepted(self, token: str = CARD, evse: int | None = None) -> None:
        """Present a card that must be accepted."""
        outcome = await self.tap(token, evse)
        assert outcome["accepted"], outcome

    async def ask(self, **request: Any) -> Mapping[str, Any]:
        """Ask over the control socket."""
        return await asyncio.to_thread(ask, self.directory / "agent.sock", request, 20.0)

    async def evse(self, number: int = 1) -> Mapping[str, Any]:
        """Return what the station says of an EVSE."""
        status = await self.ask(do="status")
        evse: Mapping[str, Any] = status["evses"][number - 1]
        return evse

    async def until(self, number: int = 1, timeout_s: float = PATIENCE_S, **wanted: object) -> None:
        """Wait until an EVSE's status has these members."""
        try:
            async with asyncio.timeout(timeout_s):
                while not _has(evse := await self.evse(number), wanted):
                    await asyncio.sleep(0.03)
        except TimeoutError:
            raise AssertionError(f"wanted {wanted}, it is {evse}") from None

    async def _run(self, stop: asyncio.Event) -> None:
        while True:
            config = load_config(self.directory / "station.toml")
            ending = await Agent(config, log_frames=self.log_frames, stop=stop, boot_id=self._boot_id).run()
            if ending is Ending.STOPPED:
                return
            self.restarts += 1
            stop.clear()


def seq_nos(events: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the events' sequence numbers."""
    return [event["seqNo"] for event in events]


def _has(evse: Mapping[str, Any], wanted: Mapping[str, object]) -> bool:
    return all(evse[name] == value for name, value in wanted.items())
