"""How a lost link is found out and sought again (OCPP 2.0.1 part 4, 5.3 and 5.4)."""

from __future__ import annotations

import asyncio
import time

from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import set_variables
from tests.stack.proxy import CuttableLink


async def test_tc_b_57_cs_the_wait_doubles_from_attempt_to_attempt(csms: Csms, start: Start) -> None:
    """B10.FR.03: RetryBackOffWaitMinimum at once, then twice as long; a change counts for the next wait."""
    await start(OCPPCommCtrlr__RetryBackOffRepeatTimes=1)
    assert await set_variables(csms, {"OCPPCommCtrlr.RetryBackOffWaitMinimum": "1"}) == ["Accepted"]
    port = csms.port
    await csms.close()
    lost_s = time.monotonic()
    async with Csms(closes_at_once=True) as refusing:
        await refusing.close()
        await refusing.listen(port)
        await refusing.until(lambda: len(refusing.requests) == 1)
        first_s = time.monotonic()
        await refusing.until(lambda: len(refusing.requests) == 2)
        second_s = time.monotonic()
        await refusing.close()
    await csms.listen(port)
    assert first_s - lost_s >= 0.9
    assert second_s - first_s >= 1.9, "a proxy that takes connections and closes them is no backend"
    await csms.expect("Heartbeat")


async def test_a_street_of_chargers_does_not_come_back_in_one_second(csms: Csms, start: Start) -> None:
    """After a power cut the first attempt waits by chance, RetryBackOffRandomRange at most."""
    station = await start(OCPPCommCtrlr__RetryBackOffRandomRange=3600)
    await station.cut_power()
    attempts = len(csms.requests)
    await station.power_on()
    await csms.until(lambda: "connecting to the backend in" in station.agent.last_words())
    assert (await station.ask(do="status"))["backend"] == "disconnected"
    assert len(csms.requests) == attempts
    await station.crash()
    await station.power_on()
    assert (await csms.expect("BootNotification")).payload["reason"] == "ApplicationReset"


async def test_a_link_that_is_dead_without_being_closed(csms: Csms, start: Start) -> None:
    """WebSocketPingInterval, changed while the link is up: half-open TCP is found out, and left."""
    async with CuttableLink("127.0.0.1", csms.port) as link:
        station = await start(url=csms.url.replace(str(csms.port), str(link.port)))
        assert await set_variables(csms, {"OCPPCommCtrlr.WebSocketPingInterval": "1"}) == ["Accepted"]
        link.stall()
        async with asyncio.timeout(30):
            while (await station.ask(do="status"))["backend"] != "disconnected":
                await asyncio.sleep(0.05)
        link.flow()
        await csms.expect("Heartbeat")
        assert csms.connections == 2
