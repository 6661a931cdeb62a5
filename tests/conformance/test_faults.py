"""What technicians are told is wrong with messages and clock, and what monitoring counts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tests.conformance.kit import Csms, Refuse
from tests.conformance.station import CARD, StationUnderTest


async def faults(station: StationUnderTest) -> dict[str, Any]:
    """Return what is wrong, by where."""
    return {one["where"]: one for one in (await station.ask(do="faults"))["faults"]}


async def test_events_that_the_backend_does_not_take(tmp_path: Path) -> None:
    settings = {"OCPPCommCtrlr.MessageAttempts[TransactionEvent]": 1}
    async with (
        Csms(tokens={CARD: {"status": "Accepted"}}) as csms,
        StationUnderTest(directory=tmp_path, url=csms.url, variables=settings) as station,
    ):
        await csms.expect("StatusNotification")
        await csms.until(lambda: bool(csms.calls("SecurityEventNotification")))
        assert await faults(station) == {}
        csms.script["TransactionEvent"] = Refuse("InternalError")
        station.bay.plug_in()
        await station.until(phase="cable-only")
        await station.accepted(CARD)
        await csms.expect("TransactionEvent")
        async with asyncio.timeout(30):
            while "outbox" not in (found := await faults(station)):
                await asyncio.sleep(0.02)
        assert "set aside" in found["outbox"]["what"]
        assert "log" in found["outbox"]["remedy"]
        metrics = (await station.ask(do="metrics"))["text"].splitlines()
        assert {"chargehand_notices_waiting 0", "chargehand_starts_total 1", "chargehand_boots_total 1"} < {
            *metrics
        }
        assert "chargehand_outbox_set_aside 0" not in metrics
        csms.script.clear()
        await csms.drop()
        async with asyncio.timeout(30):
            while await faults(station):
                await asyncio.sleep(0.02)


async def test_a_clock_without_a_battery(tmp_path: Path) -> None:
    async with Csms() as csms:
        station = StationUnderTest(directory=tmp_path, url=csms.url)
        csms.refuse_with = HTTPStatus.SERVICE_UNAVAILABLE
        station.set_wall_clock(datetime(1970, 1, 1, tzinfo=UTC) - datetime.now(UTC) + timedelta(seconds=5))
        async with station:
            assert "not known" in (await faults(station))["clock"]["what"]
            csms.refuse_with = None
            await csms.expect("BootNotification")
            await csms.until(lambda: csms.is_connected)
            async with asyncio.timeout(30):
                while "clock" in await faults(station):
                    await asyncio.sleep(0.02)
