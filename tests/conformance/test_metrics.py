"""What an operator's monitoring reads of the link to the backend."""

from __future__ import annotations

from pathlib import Path

from tests.conformance.kit import Csms, Refuse
from tests.conformance.station import CARD, StationUnderTest

CALLS = "chargehand_ocpp_calls_total"


async def test_the_links_numbers(tmp_path: Path) -> None:
    async with Csms() as csms, StationUnderTest(directory=tmp_path, url=csms.url) as station:
        await csms.expect("StatusNotification")
        csms.script["Authorize"] = Refuse("InternalError")
        await station.tap(CARD)
        await csms.call("GetLocalListVersion", {})
        await csms.drop()
        await csms.until(lambda: csms.connections == 2)
        await csms.until(lambda: csms.is_connected)
        told = (await station.ask(do="metrics"))["text"].splitlines()
    assert "chargehand_ocpp_connections_total 2" in told
    assert f'{CALLS}{{direction="sent",action="BootNotification",outcome="answered"}} 1' in told
    assert f'{CALLS}{{direction="sent",action="Authorize",outcome="refused"}} 1' in told
    assert f'{CALLS}{{direction="served",action="GetLocalListVersion",outcome="answered"}} 1' in told
