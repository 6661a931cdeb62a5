"""The agent as the standard's system under test: a process of its own, real sockets, emulated hardware."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.ev import EvSpec
from tests.conformance.kit import PATIENCE_S
from tests.stack.agent import AgentProcess, StationSpec, controller_of, write_station_file

CARD = "04A2B3C4D5"
OTHER_CARD = "04FFEEDDCC"
STATION_ID = "CH-CONFORM-1"
PASSWORD = "the-first-password"
SPEED = 40.0
CONTROLLER, LOCKING = "phoenix-em-cp-pp-eth", "phoenix-ev-cc-ac1"
SWITCHING = "mennekes-amtron-compact"
METER, SENSOR = "eastron-sdm630", "waveshare-modbus-rtu-io-8ch"
LOG = "agent.log"
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
    has_lock: bool = False
    """Whether the (last) EVSE is a socket outlet whose charge controller holds the plug."""
    has_sensor: bool = False
    """Whether a sensor looks into each bay."""
    has_phase_switch: bool = False
    """Whether the (last) EVSE's charge controller can put the vehicle on one phase."""
    signing_meter: str | None = None
    """The profile of a meter that signs, if it is one."""
    versions: Sequence[str] = ()
    ev: EvSpec = field(default_factory=EvSpec)
    log_frames: bool = False
    csms: Mapping[str, Setting] = field(default_factory=dict)
    """More keys of the station file's [csms]."""
    sections: str = ""
    """More of the station file."""
    tolerates_tracebacks: bool = False
    """Whether the agent may log errors that it did not foresee."""

    def __post_init__(self) -> None:
        """Prepare; nothing is opened yet."""
        self.bays: list[EmulatedBay] = []
        self._boot_id = self.directory / "boot_id"
        self._start_machine()
        self.agent = AgentProcess(self.directory, log_frames=self.log_frames, boot_id=self._boot_id)
        self._has_power = False
        self._resources = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            for number in range(self.evses):
                controller = LOCKING if self.has_lock else SWITCHING if self.has_phase_switch else CONTROLLER
                bay = EmulatedBay(
                    meter_profile=self.signing_meter or METER,
                    controller_profile=controller,
                    sensor_profile=SENSOR if self.has_sensor else None,
                    speed=SPEED,
                    ev=self.ev,
                    seed=number,
                    baud=57600,
                )
                self.bays.append(await self._resources.enter_async_context(bay))
            self.configure(self.variables)
            await self.power_on()
        except BaseException:
            await self.agent.kill()
            await self._resources.aclose()
            raise
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
            signed=self.signing_meter is not None,
            versions=self.versions,
            variables={**QUICK, **variables},
            csms=self.csms,
        )
        path = write_station_file(spec, self.bays)
        with path.open("a", encoding="utf-8") as file:
            if self.has_phase_switch:
                file.write("\n[evse.phase_switch]\n" + controller_of(self.bays[-1]))
            if self.socket_outlet or self.has_lock:
                file.write('\n[evse.connector]\ntype = "sType2"\n')
                file.write("lock = true\n" if self.has_lock else "")
            file.write(f"\n{self.sections}\n")

    @property
    def log(self) -> str:
        """Everything that the agent has said, over all its starts."""
        return (self.directory / LOG).read_text("utf-8")

    @property
    def restarts(self) -> int:
        """How often the agent has restarted by itself."""
        return self.log.count(" restarting: ")

    async def power_on(self) -> None:
        """Start the agent and wait until it can be asked."""
        await self.agent.start()
        self._has_power = True
        while await self.agent.status() is None:
            self.agent.check()
            await asyncio.sleep(0.01)

    async def switch_off(self) -> None:
        """Stop the agent as systemd does: SIGTERM, then it ends by itself and leaves nothing behind."""
        if not self._has_power:
            return
        self._has_power = False
        self.agent.check()
        pid = self.agent.pid
        code = await self.agent.stop(_STOP_S)
        assert code == 0, f"the agent ended with {code}:\n{self.agent.last_words()}"
        assert not _group_lives(pid), "the agent left a process behind"
        assert self.tolerates_tracebacks or "Traceback" not in self.log, "an error that it did not foresee"

    async def cut_power(self) -> None:
        """Take the agent's life in the middle of whatever it does; the hardware stays as it is."""
        await self.crash()
        self._start_machine()

    async def crash(self) -> None:
        """Take the agent's life as a fault of its own does: the machine stays up."""
        self.agent.check()
        self._has_power = False
        await self.agent.kill()

    async def tap(self, token: str = CARD, evse: int | None = None) -> Mapping[str, Any]:
        """Present a card."""
        return await self.ask(do="tap", token=token, evse=evse)

    async def accepted(self, token: str = CARD, evse: int | None = None) -> None:
        """Present a card that must be accepted."""
        outcome = await self.tap(token, evse)
        assert outcome["accepted"], outcome

    async def ask(self, **request: Any) -> Mapping[str, Any]:
        """Ask over the control socket."""
        return await self.agent.ask(**request)

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

    def set_wall_clock(self, off: timedelta) -> None:
        """Set the machine's clock, wrong by so much; the agent finds out by itself."""
        fresh = self.directory / "wall.new"
        fresh.write_text(str(off.total_seconds()), "ascii")
        fresh.rename(self.directory / "wall")

    def _start_machine(self) -> None:
        self._boot_id.write_text(str(uuid.uuid4()), "ascii")


def seq_nos(events: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the events' sequence numbers."""
    return [event["seqNo"] for event in events]


def _group_lives(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _has(evse: Mapping[str, Any], wanted: Mapping[str, object]) -> bool:
    return all(evse[name] == value for name, value in wanted.items())
