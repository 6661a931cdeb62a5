from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from agent.station.evse import Phase
from agent.station.free import charge_freely
from agent.transactions.records import NOBODY
from drivers.readings import Pilot
from tests.unit.agent.station.test_station import ANNA, Forecourt, forecourt


@asynccontextmanager
async def free_forecourt(path: Path, **settings: Any) -> AsyncIterator[Forecourt]:
    async with forecourt(path, **{"AuthCtrlr__Enabled": "false"} | settings) as place:
        charging = asyncio.create_task(charge_freely(place.station))
        try:
            yield place
        finally:
            charging.cancel()
            await asyncio.gather(charging, return_exceptions=True)


async def until(place: Forecourt, phase: Phase, evse_id: int = 1) -> None:
    await place.benches[1].until(lambda: place.state(evse_id).phase is phase)


async def test_whatever_is_plugged_in_charges(tmp_path: Path) -> None:
    """C02.FR.01: the transaction names nobody, and the backend is not asked."""
    async with free_forecourt(tmp_path) as place:
        await place.plug(2)
        await until(place, Phase.POWERED, 2)
        started = (await place.events())[0]
        assert place.state(1).phase is Phase.IDLE
        assert place.backend.asked == []
    assert (started.kind, started.token) == ("Started", NOBODY)


async def test_what_was_stopped_starts_when_the_vehicle_comes_again(tmp_path: Path) -> None:
    async with free_forecourt(tmp_path) as place:
        await place.plug(1)
        await until(place, Phase.POWERED)
        await place.station.remote_stop(place.station.evses[1])
        await place.plug(2)
        await until(place, Phase.POWERED, 2)
        await asyncio.sleep(0.6)
        assert place.state(1).phase is Phase.CABLE_ONLY
        place.benches[1].controller.pilot = Pilot.A
        await until(place, Phase.IDLE)
        await place.plug(1)
        await until(place, Phase.POWERED)


async def test_a_station_that_authorizes_waits_for_a_driver(tmp_path: Path) -> None:
    async with free_forecourt(tmp_path, AuthCtrlr__Enabled="true") as place:
        await place.plug(1)
        await asyncio.sleep(0.6)
        assert place.state(1).phase is Phase.CABLE_ONLY
        await place.accepted(ANNA)
        assert place.state(1).phase is Phase.POWERED


async def test_nobody_charges_before_the_backend_accepted_the_station_if_it_is_set_so(tmp_path: Path) -> None:
    """B02.FR.03."""
    async with free_forecourt(tmp_path, TxCtrlr__TxBeforeAcceptedEnabled="false") as place:
        place.backend.is_registered = False
        await place.plug(1)
        await asyncio.sleep(0.6)
        assert place.state(1).phase is Phase.CABLE_ONLY
        place.backend.is_registered = True
        await until(place, Phase.POWERED)
