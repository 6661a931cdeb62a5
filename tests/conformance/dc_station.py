"""The agent with one EVSE of direct current, as a process, on emulated hardware."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.emulated.ev import EvSpec
from tests.conformance.station import PASSWORD, QUICK, SPEED, STATION_ID, Setting
from tests.stack.agent import AgentProcess, StationSpec, write_station_file
from tests.stack.dc import DEVICES, PROFILES, VEHICLE, DcPlace, dc_place

EVSE_KEYS = """
[[evse]]
id = 1
max_current_a = 63
meter_limit_kw = 2000

[evse.connector]
type = "cCCS2"
"""
LINK = """
[evse.iso15118]
interface = "lo"
evse_id = "DE*CHA*E1*1"
pilot = "controller"
"""


SECTIONS = {
    "controller": "controller",
    "supply": "supply",
    "isolation_monitor": "monitor",
    "meter": "meter",
}
"""The sections of the station file, and the devices that they are about."""


@dataclass
class DcStation:
    """A station of direct current while it runs."""

    place: DcPlace
    agent: AgentProcess

    async def accepted(self, token: str) -> None:
        """Present a token that may charge."""
        answer = await self.agent.ask(do="tap", token=token, evse=1)
        assert answer["accepted"], answer

    async def ask(self, **request: Any) -> Mapping[str, Any]:
        """Ask over the control socket."""
        return await self.agent.ask(**request)


@asynccontextmanager
async def dc_station(
    directory: Path, url: str, *, ev: EvSpec = VEHICLE, link: str = LINK, **variables: Setting
) -> AsyncIterator[DcStation]:
    """A station of direct current that can be asked."""
    async with dc_place(ev, speed=SPEED) as place:
        spec = StationSpec(
            directory=directory,
            csms_url=url,
            station_id=STATION_ID,
            password=PASSWORD,
            variables={**QUICK, **{name.replace("__", "."): value for name, value in variables.items()}},
        )
        path = write_station_file(spec, [])
        devices = "".join(_device(place, section, name) for section, name in SECTIONS.items())
        text = f'profiles_directory = "{PROFILES}"\n{path.read_text("utf-8")}{EVSE_KEYS}{devices}{link}'
        path.write_text(text, "utf-8")
        agent = AgentProcess(directory)
        await agent.start()
        try:
            while await agent.status() is None:
                agent.check()
                await asyncio.sleep(0.01)
            yield DcStation(place, agent)
        finally:
            await agent.kill()


def _device(place: DcPlace, section: str, name: str) -> str:
    where = f'profile = "{DEVICES[name]}"\nhost = "127.0.0.1"\ntcp_port = {place.port(name)}\n'
    return f"\n[evse.{section}]\n{where}"
