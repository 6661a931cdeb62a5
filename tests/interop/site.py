"""A charging site in the test's network: emulated hardware, the agent and the backend, and a cable."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.interop.hardware import Hardware, Kind, hardware
from tests.interop.josev.vehicle import Ended, Plan, Vehicle
from tests.interop.papers import Papers
from tests.interop.wire import CHARGER_END, Cable
from tests.soak.session import check
from tests.stack.agent import AgentProcess, StationSpec
from tests.stack.backend import BackendProcess, StoredTransaction

STATION_ID: Final = "CH-V2G-1"
CARD: Final = "V2G-CARD"
EVSE_ID: Final = "DE*CHH*E0001*1"
_PASSWORD: Final = "a-password-of-16-or-more"
_PATIENCE_S: Final = 100.0


@dataclass
class Site:
    """One EVSE that speaks with vehicles, and everything behind it."""

    directory: Path
    cable: Cable
    hardware: Hardware
    agent: AgentProcess
    backend: BackendProcess
    start_wh: int = 0
    """What the meter showed when the latest vehicle came."""
    visits: int = 0
    vehicles: int = 0

    def arrive(self) -> None:
        """A vehicle is plugged in, and waits for its computer."""
        self.start_wh = self.hardware.register_wh
        self.visits += 1
        self.hardware.bay.pause()
        self.hardware.bay.plug_in()

    def vehicle(self, plan: Plan) -> Vehicle:
        """Return the computer of the vehicle that is plugged in; the pilot follows what it wants."""
        self.vehicles += 1
        return Vehicle(self.cable, self.directory / f"vehicle-{self.vehicles}", plan, self._on_charging)

    async def admit(self, vehicle: Vehicle, authorization: str = "AuthorizationRes") -> None:
        """Show a card when the vehicle waits for that."""
        await vehicle.wait_for(authorization)
        await self.tap()

    async def tap(self) -> None:
        """Show a card that may charge."""
        answer = await self.agent.tap(CARD)
        assert answer is not None
        assert answer["accepted"], answer

    async def charge(self, vehicle: Vehicle, loop: str, times: int = 4) -> Ended:
        """Let a vehicle charge for so many messages of its loop, with current, and stop."""
        await self.until_charging(vehicle, loop)
        await vehicle.wait_for(loop, times)
        await vehicle.stop()
        return await vehicle.wait_for_end()

    async def until_charging(self, vehicle: Vehicle, loop: str) -> None:
        """Wait until the vehicle is in its loop, and current flows."""
        await vehicle.wait_for(loop)

        async def flows() -> bool:
            return self.hardware.is_closed and self.hardware.power_w > 0

        await self.wait("charging", flows)

    async def is_dark(self) -> bool:
        """Whether nothing is connected to the mains."""
        return not self.hardware.is_closed and self.hardware.power_w == 0

    async def evse(self) -> dict[str, Any]:
        """Return the status of the EVSE, empty while the agent is away."""
        status = await self.agent.status()
        return {} if status is None else dict(status["evses"][0])

    async def until(self, key: str, value: object) -> None:
        """Wait until the EVSE's status says so."""

        async def is_so() -> bool:
            return (await self.evse()).get(key) == value

        await self.wait(f"{key} {value}", is_so)

    async def drive_off(self) -> None:
        """Unplug, and wait until the EVSE is free."""
        self.hardware.bay.unplug()
        await self.until("status", "Available")

    async def cdr(self) -> Mapping[str, Any]:
        """Return the latest visit's CDR, by the backend's command line, after a look at the meter."""

        async def is_rated() -> bool:
            stored = self.transactions()
            return len(stored) == self.visits and all(one.has_cdr for one in stored)

        await self.wait("rated", is_rated)
        assert check(self.transactions()[-1], self.hardware.register_wh - self.start_wh) == []
        listed = (await self.backend.command("cdr", "list")).splitlines()
        newest = next(line for line in listed if STATION_ID in line)
        shown = await self.backend.command("cdr", "show", newest.split()[0])
        cdr: dict[str, Any] = json.loads(shown)
        return cdr

    def transactions(self) -> list[StoredTransaction]:
        """Return what the backend has stored."""
        return self.backend.transactions(STATION_ID)

    async def wait(self, what: str, is_so: Callable[[], Awaitable[bool]]) -> None:
        """Wait for something that must come to pass (AssertionError)."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while not await is_so():
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"not {what}: {await self.evse()}\n{self.agent.last_words()}") from None

    async def _on_charging(self, willing: bool) -> None:
        bay = self.hardware.bay
        if willing:
            bay.resume()
            bay.ask()
        else:
            bay.rest()
            bay.pause()


@asynccontextmanager
async def charging_site(
    directory: Path, papers: Papers | None = None, *, kind: Kind = "AC", **iso15118: str | int | bool
) -> AsyncIterator[Site]:
    """Run a site; `iso15118`: what [evse.iso15118] says besides the interface."""
    async with AsyncExitStack() as stack:
        cable = await stack.enter_async_context(Cable())
        place = await stack.enter_async_context(hardware(kind))
        pki = "" if papers is None else f'[pki]\ndirectory = "{papers.made}"\n'
        backend = BackendProcess(directory, more_config=pki)
        await backend.prepare(stations={STATION_ID: _PASSWORD}, tokens=[CARD])
        if papers is not None:
            await backend.command("contract", "add", papers.emaid, "--vehicle", papers.pcid)
        await backend.start()
        stack.push_async_callback(backend.stop)
        agent = AgentProcess(directory)
        spec = StationSpec(
            directory=directory,
            csms_url=backend.ocpp_url,
            station_id=STATION_ID,
            password=_PASSWORD,
            iso15118={"interface": CHARGER_END, "evse_id": EVSE_ID, "pilot": "controller", **iso15118},
        )
        place.write(spec)
        if papers is not None:
            papers.equip(directory / "agent-state")
        await agent.start()
        stack.push_async_callback(agent.stop)
        await agent.wait_for_line("registration Accepted")
        yield Site(directory, cable, place, agent, backend)
