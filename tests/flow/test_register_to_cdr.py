"""From register bytes on a serial line to a rated CDR, all of it in real processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.emulated.bay import EmulatedBay
from tests.soak.session import check
from tests.stack.agent import AgentProcess, StationSpec, write_station_file
from tests.stack.backend import TARIFF, BackendProcess

STATION_ID = "CH-FLOW-1"
CARD = "FLOW-CARD"


@dataclass
class Stack:
    """A bay, an agent and a backend."""

    bay: EmulatedBay
    agent: AgentProcess
    backend: BackendProcess

    async def evse(self) -> dict[str, object]:
        status = await self.agent.status()
        assert status is not None
        return dict(status["evses"][0])

    async def until(self, key: str, value: object) -> None:
        async with asyncio.timeout(30):
            while (await self.evse())[key] != value:
                await asyncio.sleep(0.05)


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    async with EmulatedBay(speed=60) as bay:
        backend = BackendProcess(tmp_path)
        await backend.prepare(stations={STATION_ID: "a-password-of-16-or-more"}, tokens=[CARD])
        await backend.start()
        agent = AgentProcess(tmp_path)
        spec = StationSpec(directory=tmp_path, csms_url=backend.ocpp_url, station_id=STATION_ID)
        write_station_file(spec, [bay])
        try:
            await agent.start()
            await agent.wait_for_line("registration Accepted")
            yield Stack(bay, agent, backend)
        finally:
            assert await agent.stop() == 0, agent.last_words()
            assert await backend.stop() == 0, backend.last_words()


@pytest.mark.timeout(120)
async def test_a_session_becomes_a_rated_cdr(stack: Stack) -> None:
    start_wh = stack.bay.energy_register_mwh // 1000
    answer = await stack.agent.tap(CARD)
    assert answer is not None
    assert answer["accepted"], answer
    stack.bay.plug_in()
    await stack.until("charging_state", "Charging")
    await asyncio.sleep(2)
    await stack.agent.tap(CARD)
    await stack.until("transaction", None)
    stack.bay.unplug()
    await stack.until("status", "Available")
    energy_wh = stack.bay.energy_register_mwh // 1000 - start_wh
    assert energy_wh > 0
    async with asyncio.timeout(10):
        while not (stored := stack.backend.transactions(STATION_ID)) or not stored[0].has_cdr:
            await asyncio.sleep(0.05)
    assert check(stored[0], energy_wh) == []
    [cdr] = (await stack.backend.get("cdrs"))["items"]
    flat, energy, _ = TARIFF["elements"][0]["price_components"]
    wanted = Decimal(str(flat["price"])) + Decimal(str(energy["price"])) * energy_wh / 1000
    assert abs(Decimal(str(cdr["total_cost"]["excl_vat"])) - wanted) <= Decimal("0.01")


@pytest.mark.timeout(120)
async def test_a_card_nobody_knows_does_not_charge(stack: Stack) -> None:
    """C01.FR.02: no energy without an accepted token."""
    stack.bay.plug_in()
    await stack.until("phase", "cable-only")
    answer = await stack.agent.tap("NOBODY")
    assert answer is not None
    assert not answer["accepted"]
    assert not stack.bay.contactor_closed
    assert stack.backend.transactions(STATION_ID) == []
