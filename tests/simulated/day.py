"""A part of a day at the station, until its power goes or its backend is back."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from agent import app
from agent.config.load import load_config
from agent.system.clock import StationClock
from agent.system.control import ControlError
from drivers.open import DeviceAddress
from tests.conformance.station import CARD
from tests.conformance.versions import speaking
from tests.simulated.backend import ANSWERS_AFTER_S, Slow, books
from tests.simulated.bay import Bay
from tests.simulated.clock import Clock, Loop
from tests.simulated.plan import DAY_S, EVSES, OFF_S, Action, Visit, World, pace, plan

STATION, WORLD, BOOKS = Path("station.toml"), Path("world"), Path("books.json")
CONTROL: Final = "agent.sock"
PATIENCE_S: Final = 0.001
SEED: Final = 1
_STATION = """\
[station]
id = "CH-DAY"
vendor = "chargehand"
model = "Simulated"
[csms]
url = "ws://127.0.0.1:{port}/ocpp"
password = "a-password-of-16-or-more"
[state]
directory = "state"
control_socket = "agent.sock"
[variables]
"AuthCtrlr.OfflineTxForUnknownIdEnabled" = true
"AlignedDataCtrlr.Interval" = 900
"SampledDataCtrlr.TxUpdatedInterval" = 1200
"SampledDataCtrlr.TxEndedInterval" = 900
"OCPPCommCtrlr.MessageAttempts[TransactionEvent]" = 5
"OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]" = 10
"""
_EVSE = """
[[evse]]
id = {number}
max_current_a = 16
[evse.meter]
profile = "eastron-sdm630"
host = "127.0.0.1"
tcp_port = {number}
[evse.controller]
profile = "phoenix-em-cp-pp-eth"
host = "127.0.0.1"
tcp_port = {number}00
"""


class Devices:
    """Takes the place of `drivers.open.Hardware`: the bays, found by the ports in the station file."""

    buses = ()

    def __init__(self, bays: dict[int, Bay]) -> None:
        self._bays = bays

    def meter(self, address: DeviceAddress) -> Bay:
        """Return the meter of EVSE 1 at port 1."""
        assert address.tcp_port is not None
        return self._bays[address.tcp_port]

    def charge_controller(self, address: DeviceAddress) -> Bay:
        """Return the controller of EVSE 1 at port 100."""
        assert address.tcp_port is not None
        return self._bays[address.tcp_port // 100]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """There is nothing to run."""
        yield


class Day:
    """The world around the agent, and the agent."""

    def __init__(self, clock: Clock, world: World, actions: list[Action]) -> None:
        self._clock = clock
        self._world = world
        self._actions = actions
        self.bays = {evse: Bay(clock, evse, world.bays.get(evse)) for evse in EVSES}

    async def until_cut(self, at_s: float) -> None:
        """Let the day pass, and lose power in the middle of it."""
        async with self._agent():
            drivers = asyncio.create_task(self._drive())
            await asyncio.sleep(at_s - self._clock.monotonic_s())
            assert not drivers.done(), "the day was over"
            self.save()
            os.kill(os.getpid(), signal.SIGKILL)

    async def until_told(self, version: str, loop: Loop) -> dict[str, Any]:
        """Let the day end; then the backend is back, and is told everything. Return what it knows."""
        async with self._agent():
            await self._drive()
            await asyncio.sleep(max(0.0, DAY_S - self._clock.monotonic_s()))
            waiting = (await ask(do="status"))["outbox"]["waiting"]
            loop.waiting.stride, loop.waiting.patience_s = lambda _: ANSWERS_AFTER_S, PATIENCE_S
            csms = speaking(version, Slow, clock=self._clock)
            assert isinstance(csms, Slow)
            await csms.listen(port())
            while (await ask(do="status"))["outbox"]["waiting"]:
                await asyncio.sleep(20)
            knows = books(csms)
            await csms.close()
        visits = [(visit.evse, visit.tapped_s, visit.left_s, _wh(visit)) for visit in self._world.visits]
        return {"waiting": waiting, "visits": visits, "dark": self._world.dark, **knows}

    def save(self) -> None:
        """Keep the world for after the cut."""
        now_s = self._clock.monotonic_s()
        self._world.dark.append((now_s, now_s + OFF_S))
        self._world.now_s = now_s + OFF_S
        for evse, bay in self.bays.items():
            _ = bay.counted_mwh
            self._world.bays[evse] = bay.state
        WORLD.write_bytes(pickle.dumps(self._world))

    @asynccontextmanager
    async def _agent(self) -> AsyncIterator[None]:
        """Run the agent; what happened in the dark comes first."""
        while self._next_act() in ("plug in", "unplug") and self._next().at_s <= self._clock.monotonic_s():
            await self._do(self._next())
        stop, clock = asyncio.Event(), StationClock(self._clock.wall, self._clock.monotonic_s)
        agent = app.Agent(load_config(STATION), log_frames=False, stop=stop, clock=clock)
        running = asyncio.create_task(agent.run())
        while await _is_silent():
            assert not running.done(), running.result()
            await asyncio.sleep(1)
        yield
        stop.set()
        await running

    async def _drive(self) -> None:
        while self._world.done < len(self._actions):
            await asyncio.sleep(max(0.0, self._next().at_s - self._clock.monotonic_s()))
            await self._do(self._next())

    def _next(self) -> Action:
        return self._actions[self._world.done]

    def _next_act(self) -> str | None:
        return self._next().act if self._world.done < len(self._actions) else None

    async def _do(self, action: Action) -> None:
        bay, visits = self.bays[action.evse], self._world.visits
        match action.act:
            case "plug in":
                bay.plug_in()
                visits.append(Visit(action.evse, bay.counted_mwh))
            case "tap":
                self._visit(action.evse).tapped_s = self._clock.monotonic_s()
                outcome = await ask(do="tap", token=CARD, evse=action.evse)
                assert outcome["accepted"], outcome
            case "unplug":
                bay.unplug()
                visit = self._visit(action.evse)
                visit.left_s, visit.end_mwh = action.at_s, bay.counted_mwh
        self._world.done += 1

    def _visit(self, evse: int) -> Visit:
        return next(visit for visit in reversed(self._world.visits) if visit.evse == evse)


def spend(*, cut_s: float | None, version: str) -> None:
    """Live through the day from where the last cut left it: until the next one, or to its end."""
    world: World = pickle.loads(WORLD.read_bytes()) if WORLD.exists() else World()
    clock = Clock(world.now_s)
    actions, loop = plan(SEED), Loop(clock)
    loop.waiting.stride = pace(actions).stride_s
    vars(time)["monotonic"] = clock.monotonic_s  # the agent's link goes by it

    async def pass_time() -> None:
        day = Day(clock, world, actions)
        vars(app)["open_hardware"] = lambda *_: Devices(day.bays)
        if cut_s is not None:
            await day.until_cut(cut_s)
        else:
            BOOKS.write_text(json.dumps(await day.until_told(version, loop), indent=1), "utf-8")

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(pass_time())


def prepare(directory: Path) -> None:
    """Write the station file, with a port for the backend that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        text = _STATION.replace("{port}", str(free.getsockname()[1]))
    text += "".join(_EVSE.format(number=evse) for evse in EVSES)
    (directory / STATION).write_text(text, "utf-8")


def port() -> int:
    """Return the backend's port."""
    config = load_config(STATION)
    assert config.csms is not None
    return int(config.csms.url.split(":")[2].split("/")[0])


async def ask(**request: Any) -> dict[str, Any]:
    """Ask the agent over its control socket.

    Raises:
        ControlError: If it refuses.
        OSError: If it does not listen.
    """
    reader, writer = await asyncio.open_unix_connection(CONTROL)
    writer.write(json.dumps(request).encode() + b"\n")
    answer: dict[str, Any] = json.loads(await reader.read())
    writer.close()
    if "error" in answer:
        raise ControlError(answer["error"])
    return answer


async def _is_silent() -> bool:
    try:
        evses = (await ask(do="status"))["evses"]
    except OSError:
        return True
    return any(evse["meter"] is None for evse in evses)


def _wh(visit: Visit) -> int:
    return visit.end_mwh // 1000 - visit.begin_mwh // 1000
