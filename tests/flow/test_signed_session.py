"""A signed session in real processes: what the meter signed reaches the backend, killed agent or not."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyocmf.core.ocmf import OCMF

from drivers.emulated.bay import EmulatedBay
from drivers.signed.ocmf import parse
from tests.conformance.kit import Csms
from tests.stack.agent import AgentProcess, StationSpec, write_station_file

CARD = "04A2B3C4D5E6F7"
PATIENCE_S = 30.0


@dataclass
class Place:
    """A bay whose meter signs, a backend that writes everything down, and the agent between them."""

    bay: EmulatedBay
    csms: Csms
    agent: AgentProcess

    async def event(self, kind: str) -> dict[str, Any]:
        return await self.csms.event(timeout_s=PATIENCE_S, eventType=kind)

    async def charge(self) -> dict[str, Any]:
        """Charge for a moment and return the Started event."""
        await self.agent.tap(CARD)
        self.bay.plug_in()
        started = await self.event("Started")
        await self.csms.until(lambda: self.bay.contactor_closed, timeout_s=PATIENCE_S)
        await self.csms.until(lambda: self.bay.power_w > 1000, timeout_s=PATIENCE_S)
        return started

    async def end(self) -> dict[str, Any]:
        await self.agent.tap(CARD)
        return await self.event("Ended")


@pytest.fixture(params=["bauer-bsm-ws36a", "iskra-wm3m4"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    tokens = {CARD: {"status": "Accepted"}}
    async with Csms(tokens=tokens) as csms, EmulatedBay(meter_profile=request.param, baud=115200) as bay:
        agent = AgentProcess(tmp_path)
        spec = StationSpec(directory=tmp_path, csms_url=csms.url, signed=True)
        write_station_file(spec, [bay])
        try:
            await agent.start()
            await agent.wait_for_line("registration Accepted")
            yield Place(bay, csms, agent)
        finally:
            assert await agent.stop() == 0, agent.last_words()


def signed(event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the signed meter values of an event by their context."""
    return {
        value["context"]: value["signedMeterValue"]
        for sample in event.get("meterValue", [])
        for value in sample["sampledValue"]
        if "signedMeterValue" in value
    }


def text(value: dict[str, Any]) -> str:
    assert value["encodingMethod"] == "OCMF"
    assert value["signingMethod"] == "ECDSA-secp256r1-SHA256"
    return base64.b64decode(value["signedMeterData"]).decode()


def check(started: dict[str, Any], ended: dict[str, Any]) -> None:
    begin, last = signed(started)["Transaction.Begin"], signed(ended)["Transaction.End"]
    assert text(begin) == text(signed(ended)["Transaction.Begin"])
    assert begin["publicKey"] == ""
    key = base64.b64decode(last["publicKey"]).hex()
    for value in (begin, last):
        assert OCMF.from_string(text(value)).verify_signature(key)
    assert parse(text(begin)).readings[0].reason == "B"
    record = parse(text(last))
    assert record.is_end
    assert record.identification == CARD
    first_value, last_value = parse(text(begin)).readings[0].value, record.readings[-1].value
    assert first_value is not None
    assert last_value is not None
    assert last_value >= first_value


@pytest.mark.timeout(120)
async def test_what_the_meter_signed_reaches_the_backend(here: Place) -> None:
    """J02.FR.21, E03.FR.10; TC_J_11."""
    check(await here.charge(), await here.end())


@pytest.mark.timeout(120)
async def test_a_killed_agent_ends_the_transaction_signed_when_it_is_back(here: Place) -> None:
    started = await here.charge()
    await here.agent.kill()
    await here.agent.start()
    await here.agent.wait_for_line("registration Accepted")
    await here.csms.until(lambda: here.bay.power_w > 1000, timeout_s=PATIENCE_S)
    check(started, await here.end())
