"""B04 (offline behaviour of an idle charging station)."""

from __future__ import annotations

import asyncio

from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import status_of


async def outage(csms: Csms, seconds: float = 0.0) -> int:
    """Go away; return the port to come back on."""
    port = csms.port
    await csms.close()
    await asyncio.sleep(seconds)
    return port


async def test_tc_b_52_cs_a_short_loss_tells_only_what_changed(csms: Csms, start: Start) -> None:
    """B04.FR.02: within OfflineThreshold."""
    station = await start(evses=2, OCPPCommCtrlr__OfflineThreshold=60)
    port = await outage(csms)
    station.bays[1].plug_in()
    await station.until(2, status="Occupied")
    await csms.listen(port)
    await csms.expect("Heartbeat")
    await csms.expect("StatusNotification", status_of(2, "Occupied"))
    await csms.nothing_more(0.3)


async def test_tc_b_51_cs_a_long_loss_tells_everything(csms: Csms, start: Start) -> None:
    """B04.FR.01: beyond OfflineThreshold; a proxy that takes connections meanwhile is no backend."""
    await start(evses=2, OCPPCommCtrlr__OfflineThreshold=1)
    port = await outage(csms)
    async with Csms(closes_at_once=True) as proxy:
        await proxy.close()
        await proxy.listen(port)
        await asyncio.sleep(1.2)
        assert len(proxy.requests) >= 2
        await proxy.close()
    await csms.listen(port)
    for evse in (1, 2):
        await csms.expect("StatusNotification", status_of(evse, "Available"))
    await csms.expect("Heartbeat")
    await csms.nothing_more(0.3)


async def test_b04_what_changed_and_changed_back_is_not_told(csms: Csms, start: Start) -> None:
    """Nobody needs to know of a cable that came and went meanwhile."""
    station = await start(OCPPCommCtrlr__OfflineThreshold=60)
    port = await outage(csms)
    station.bay.plug_in()
    await station.until(status="Occupied")
    station.bay.unplug()
    await station.until(status="Available")
    await csms.listen(port)
    await csms.expect("Heartbeat")
    await csms.nothing_more(0.3)
