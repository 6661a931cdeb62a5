from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from agent.csms.statuses import Statuses
from drivers.readings import Pilot
from tests.conformance.kit import Csms, Payload, Refuse
from tests.unit.agent.csms.link import connection_to
from tests.unit.agent.station.test_station import Forecourt, forecourt


def told(csms: Csms) -> list[tuple[int, str]]:
    return [
        (call.payload["evseId"], call.payload["connectorStatus"]) for call in csms.calls("StatusNotification")
    ]


@asynccontextmanager
async def telling(
    csms: Csms, place: Forecourt, statuses: Statuses, *, all_of_them: bool
) -> AsyncIterator[None]:
    async with connection_to(csms) as connection:
        statuses.connected(all_of_them)
        task = asyncio.create_task(statuses.run(connection, place.station))
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def changed(place: Forecourt, statuses: Statuses, evse_id: int, pilot: Pilot) -> None:
    bench = place.benches[evse_id]
    before = bench.state.status
    bench.controller.pilot = pilot
    await bench.until(lambda: bench.state.status != before)
    statuses.evse_changed(evse_id)


async def test_every_connector_is_told_after_a_boot_and_each_change_once(tmp_path: Path) -> None:
    """B01.FR.05, G01.FR.03, G01.FR.04."""
    async with Csms() as csms, forecourt(tmp_path) as place:
        statuses = Statuses(place.clock)
        async with telling(csms, place, statuses, all_of_them=True):
            await csms.until(lambda: len(told(csms)) == 2)
            await changed(place, statuses, 2, Pilot.B)
            statuses.evse_changed(1)
            await csms.until(lambda: len(told(csms)) == 3)
            await changed(place, statuses, 2, Pilot.A)
            await csms.until(lambda: len(told(csms)) == 4)
    assert told(csms) == [(1, "Available"), (2, "Available"), (2, "Occupied"), (2, "Available")]


async def test_after_a_short_loss_only_what_changed_after_a_long_one_everything(tmp_path: Path) -> None:
    """B04.FR.02, B04.FR.01."""
    async with Csms() as csms, forecourt(tmp_path) as place:
        statuses = Statuses(place.clock)
        async with telling(csms, place, statuses, all_of_them=True):
            await csms.until(lambda: statuses._told.keys() == {1, 2})
        await changed(place, statuses, 1, Pilot.B)
        async with telling(csms, place, statuses, all_of_them=False):
            await csms.until(lambda: statuses._told[1].status == "Occupied")
        async with telling(csms, place, statuses, all_of_them=True):
            await csms.until(lambda: len(told(csms)) == 5)
    assert told(csms)[2:] == [(1, "Occupied"), (1, "Occupied"), (2, "Available")]


async def test_a_status_that_was_refused_does_not_hold_up_the_other(tmp_path: Path) -> None:
    def picky(payload: Payload) -> Payload | Refuse:
        return Refuse("InternalError") if payload["evseId"] == 1 else {}

    async with Csms(script={"StatusNotification": picky}) as csms, forecourt(tmp_path) as place:
        statuses = Statuses(place.clock)
        async with telling(csms, place, statuses, all_of_them=True):
            await csms.until(lambda: len(told(csms)) == 2)
            csms.script.clear()
            statuses.evse_changed(2)
            await csms.until(lambda: len(told(csms)) == 3)
    assert told(csms) == [(1, "Available"), (2, "Available"), (1, "Available")]


async def test_a_status_can_be_asked_for(tmp_path: Path) -> None:
    """F06: also when it has not changed."""
    async with Csms() as csms, forecourt(tmp_path) as place, connection_to(csms) as connection:
        statuses = Statuses(place.clock)
        await statuses.send_now(connection, place.station, 2)
        await statuses.send_now(connection, place.station, None)
    assert told(csms) == [(2, "Available"), (1, "Available"), (2, "Available")]
