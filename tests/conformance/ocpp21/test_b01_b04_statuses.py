"""Connectors' statuses after a start and an outage; 2.1 leaves the message to the station."""

from __future__ import annotations

from tests.conformance.kit import Csms
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.sessions import status_of
from tests.conformance.ocpp201.test_b04_offline_idle import outage

SHORT = 60


async def test_tc_b_01_cs_every_status_after_the_start(csms: Csms, start: Start) -> None:
    """B01.FR.05+: once the station is accepted, and not before."""
    csms.script["BootNotification"] = csms.boot("Pending", 1)
    await start(evses=2, booted=False)
    await csms.expect("BootNotification")
    await csms.nothing_more(0.3, "StatusNotification")
    del csms.script["BootNotification"]
    await csms.expect("BootNotification")
    for evse in (1, 2):
        await csms.expect("StatusNotification", status_of(evse, "Available"))


async def test_tc_b_52_cs_only_what_changed_after_a_short_outage(csms: Csms, start: Start) -> None:
    """B04.FR.02+: within OfflineThreshold."""
    station = await start(evses=2, OCPPCommCtrlr__OfflineThreshold=SHORT)
    port = await outage(csms)
    station.bays[1].plug_in()
    await station.until(2, status="Occupied")
    await csms.listen(port)
    await csms.expect("Heartbeat")
    await csms.expect("StatusNotification", status_of(2, "Occupied"))
    await csms.nothing_more(0.3)


async def test_tc_b_51_cs_everything_after_a_long_outage(csms: Csms, start: Start) -> None:
    """B04.FR.01+: beyond OfflineThreshold."""
    await start(evses=2, OCPPCommCtrlr__OfflineThreshold=0)
    await csms.listen(await outage(csms, 0.1))
    for evse in (1, 2):
        await csms.expect("StatusNotification", status_of(evse, "Available"))
