"""The story the demo tells: a card, a cable, energy, a card again, and the bill."""

from __future__ import annotations

import asyncio
import fcntl
import shutil
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.ev import EvSpec
from tests.demo.scene import Observer, Scene
from tests.demo.view import View
from tests.stack.agent import AgentProcess, StationSpec, write_station_file
from tests.stack.backend import BackendProcess
from tests.stack.process import execute

ROOT = Path.cwd()
DIRECTORY = Path("build/demo")
STATION_ID = "CH-DEMO-1"
PASSWORD = "a-password-for-the-demo"
CARD = "04A2B3C4D5E6F7"
SPEED = 60.0
CHARGED_S = 15.0
PATIENCE_S = 30.0
_LOOK_S = 0.25


class DemoFailed(Exception):
    """The story did not go on; the message says where and what the processes said."""


class Story:
    """Everything running: emulated bay, backend, agent."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._stack = AsyncExitStack()
        self.bay: EmulatedBay
        self.agent: AgentProcess
        self.backend: BackendProcess
        self._observer: Observer

    async def __aenter__(self) -> Self:
        directory = ROOT / DIRECTORY
        try:
            self._be_alone(directory.with_suffix(".lock"))
            if directory.exists():
                shutil.rmtree(directory)
            directory.mkdir()
            await self._open(directory)
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def _be_alone(self, lock: Path) -> None:
        lock.parent.mkdir(exist_ok=True)
        held = self._stack.enter_context(lock.open("w"))
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoFailed(f"{DIRECTORY} is in use by another demo; end that one first") from None

    async def _open(self, directory: Path) -> None:
        self._view.step("emulated hardware: an SDM630 meter at 9600 baud, a charge controller, a car")
        bay = EmulatedBay(speed=SPEED, ev=EvSpec(), meter_link=directory / "meter")
        self.bay = await self._stack.enter_async_context(bay)
        self._view.step("the operator's backend: a database, a station, a card, a tariff")
        self.backend = BackendProcess(directory, launch=execute)
        await self.backend.prepare(stations={STATION_ID: PASSWORD}, tokens=[CARD])
        self._stack.push_async_callback(self.backend.stop)
        await self.backend.start()
        self._view.step("the agent on the charger: connects, announces itself, reports its connector")
        spec = StationSpec(
            directory=directory,
            csms_url=self.backend.ocpp_url,
            station_id=STATION_ID,
            password=PASSWORD,
            variables={"SampledDataCtrlr.TxUpdatedInterval": 3, "AlignedDataCtrlr.Interval": 0},
        )
        write_station_file(spec, [self.bay])
        self.agent = AgentProcess(directory, log_frames=True, launch=execute)
        self._stack.push_async_callback(self.agent.stop)
        await self.agent.start()
        self._observer = Observer(self.bay, self.agent, self.backend)
        await self._watch_until("the station is available", lambda scene: scene.status == "Available")

    async def tell(self) -> dict[str, Any]:
        """Charge once and return the CDR."""
        self._view.step(f"the driver holds card {CARD} to the reader")
        answer = await self.agent.tap(CARD)
        if answer is None or not answer["accepted"]:
            raise DemoFailed(f"the card was not accepted: {answer}")
        self._view.step("and plugs in")
        self.bay.plug_in()
        await self._watch_until("the car charges", lambda scene: scene.charging_state == "Charging")
        self._view.step(f"the car charges; its clock runs {SPEED:.0f} times as fast as yours")
        charged_until_s = time.monotonic() + CHARGED_S
        await self._watch_until("enough energy", lambda _: time.monotonic() > charged_until_s)
        self._view.step("the driver holds the card to the reader again")
        await self.agent.tap(CARD)
        await self._watch_until(
            "the transaction ends", lambda scene: scene.charging_state == "no transaction"
        )
        self._view.step("and unplugs")
        self.bay.unplug()
        await self._watch_until("the connector is free", lambda scene: scene.status == "Available")
        self._view.step("the backend rates the session")
        return await self._cdr()

    async def _cdr(self) -> dict[str, Any]:
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            if cdrs := (await self.backend.get("cdrs"))["items"]:
                return dict(cdrs[0])
            await self._look()
        raise DemoFailed(f"no CDR:\n{self.backend.last_words()}")

    async def _watch_until(self, what: str, check: Callable[[Scene], bool]) -> None:
        until_s = time.monotonic() + PATIENCE_S
        while not check(await self._look()):
            if time.monotonic() > until_s:
                raise DemoFailed(f"not in {PATIENCE_S:.0f} s: {what}\n{self.agent.last_words()}")
            if not (self.agent.is_running and self.backend.is_running):
                raise DemoFailed(f"{self.agent.last_words()}\n{self.backend.last_words()}")

    async def _look(self) -> Scene:
        scene = await self._observer.look()
        self._view.show(scene)
        await asyncio.sleep(_LOOK_S)
        return scene
