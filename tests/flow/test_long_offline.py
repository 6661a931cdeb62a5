"""Sessions without the backend on two EVSEs and real buses; then a backend that takes its time.

How the agent keeps a whole day is in `test_day_offline`.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection

from tests.conformance.history import energy_wh, problems, transactions
from tests.conformance.kit import Answer, Csms, Payload, Silence
from tests.conformance.station import CARD, StationUnderTest

ROUNDS = 8
SETTINGS = {
    "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
    "SampledDataCtrlr.TxUpdatedInterval": 1,
    "OCPPCommCtrlr.MessageTimeout[Default]": 1,
    "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]": 1,
}


class Reluctant(Csms):
    """Answers late; once in a while hangs up, whether its answer got through or not, or says nothing."""

    def __init__(self, seed: int, **more: Any) -> None:
        super().__init__(**more)
        self.chance = random.Random(seed)
        self.hung_up = self.silent = self.outstanding = self.most_outstanding = 0
        self.script["TransactionEvent"] = self._reluctantly

    def _reluctantly(self, _: Payload) -> Answer:
        if self.chance.random() < 0.01:
            self.silent += 1
            return Silence()
        return {}

    async def _take_call(
        self, connection: ServerConnection, message_id: str, action: str, payload: Payload
    ) -> None:
        self.outstanding += 1
        self.most_outstanding = max(self.most_outstanding, self.outstanding)
        await asyncio.sleep(self.chance.choice([0.0, 0.0, 0.03]))
        await super()._take_call(connection, message_id, action, payload)
        self.outstanding -= 1
        if action == "TransactionEvent" and self.chance.random() < 0.08:
            self.hung_up += 1
            connection.transport.abort()


async def session(station: StationUnderTest, evse: int) -> None:
    """One driver comes, charges, and goes."""
    bay = station.bays[evse - 1]
    bay.plug_in()
    await station.until(evse, phase="cable-only", timeout_s=30)
    await station.accepted(CARD, evse)
    await station.until(evse, charging_state="Charging", timeout_s=30)
    bay.unplug()
    await station.until(evse, status="Available", transaction=None, timeout_s=30)


@pytest.mark.timeout(280)
async def test_long_offline(tmp_path: Path) -> None:
    """E04.FR.01, E04.FR.03, E12.FR.01, E12.FR.02: all of it, once, in order, at the CSMS's pace."""
    async with Reluctant(7, tokens={CARD: {"status": "Accepted"}}) as csms:
        port = csms.port
        await csms.close()
        async with StationUnderTest(
            directory=tmp_path, url=f"ws://127.0.0.1:{port}/ocpp", evses=2, variables=SETTINGS
        ) as station:
            begins_mwh = sum(bay.energy_mwh for bay in station.bays)
            for number in range(ROUNDS):
                await asyncio.gather(session(station, 1), session(station, 2))
                if number in (2, 5):
                    await station.cut_power()
                    await station.power_on()
            waiting = (await station.ask(do="status"))["outbox"]["waiting"]
            await csms.listen(port)
            async with asyncio.timeout(150):
                while (await station.ask(do="status"))["outbox"]["waiting"]:
                    await asyncio.sleep(0.2)
            ends_mwh = sum(bay.energy_mwh for bay in station.bays)
        assert problems(csms) == []
        told = transactions(csms)
    assert len(told) == 2 * ROUNDS
    assert sum(map(len, told.values())) == waiting
    assert all(event["offline"] for events in told.values() for event in events)
    assert csms.hung_up >= 3
    assert csms.most_outstanding == 1
    assert abs(energy_wh(csms) - (ends_mwh - begins_mwh) / 1000) <= 2 * ROUNDS
