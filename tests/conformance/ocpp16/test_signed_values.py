"""Signed meter values (OCA application note): at the start, with the end, and the meter's key."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from drivers.emulated.bay import EmulatedBay
from drivers.signed.ocmf import parse
from drivers.signed.verify import verify
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp16.conftest import on
from tests.conformance.ocpp16.sessions import asked, configuration
from tests.stack.agent import AgentProcess, StationSpec, write_station_file

CARD = "04A2B3C4D5E6F7"
PATIENCE_S = 30.0


@dataclass
class Place:
    """A bay whose meter signs, a central system, and the agent between them."""

    bay: EmulatedBay
    csms: Csms
    agent: AgentProcess

    async def session(self) -> tuple[list[Payload], Payload]:
        """Charge for a moment; return the MeterValues of the start and StopTransaction."""
        self.csms.forget()
        await self.agent.tap(CARD)
        self.bay.plug_in()
        await self.csms.expect("StartTransaction", timeout_s=PATIENCE_S)
        await self.csms.until(lambda: self.bay.power_w > 1000, timeout_s=PATIENCE_S)
        values = [call.payload for call in self.csms.calls("MeterValues")]
        await self.agent.tap(CARD)
        stopped = (await self.csms.expect("StopTransaction", timeout_s=PATIENCE_S)).payload
        self.csms.forget()
        self.bay.unplug()
        await self.csms.expect("StatusNotification", on(1))
        self.csms.received.clear()
        return values, stopped


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Place]:
    tokens = {CARD: {"status": "Accepted"}}
    async with (
        Csms(version="1.6", subprotocol="ocpp1.6", tokens=tokens) as csms,
        EmulatedBay(meter_profile="bauer-bsm-ws36a", baud=115200) as bay,
    ):
        agent = AgentProcess(tmp_path)
        spec = StationSpec(directory=tmp_path, csms_url=csms.url, signed=True)
        write_station_file(spec, [bay])
        try:
            await agent.start()
            await agent.wait_for_line("registration Accepted")
            yield Place(bay, csms, agent)
        finally:
            assert await agent.stop() == 0, agent.last_words()


def signed(values: list[Payload]) -> dict[str, Any]:
    """Return what was signed, by context."""
    return {
        one["context"]: json.loads(one["value"])
        for value in values
        for one in value["sampledValue"]
        if one.get("format") == "SignedData"
    }


async def test_start_and_end_are_signed_and_the_key_is_told(here: Place) -> None:
    started, stopped = await here.session()
    assert set(signed(started[0]["meterValue"])) == {"Transaction.Begin"}
    both = signed(stopped["transactionData"])
    assert set(both) == {"Transaction.Begin", "Transaction.End"}
    end = both["Transaction.End"]
    assert (end["encodingMethod"], end["signingMethod"]) == ("OCMF", "")
    key = base64.b64decode(end["publicKey"]).decode()
    assert key.startswith("oca:base16:asn1:")
    record = parse(base64.b64decode(end["signedMeterData"]).decode())
    assert verify(record, key.rpartition(":")[2]).is_genuine
    assert both["Transaction.Begin"]["publicKey"] == "", "once is with the last one"
    assert (await configuration(here.csms, "MeterPublicKey1"))["MeterPublicKey1"] == {
        "key": "MeterPublicKey1",
        "readonly": True,
        "value": key,
    }

    async def switch(key: str) -> None:
        assert await asked(here.csms, "ChangeConfiguration", key=key, value="false") == "Accepted"

    await switch("SampledDataSignStartedReadings")
    started, stopped = await here.session()
    assert [signed(values["meterValue"]) for values in started] in ([], [{}])
    assert set(signed(stopped["transactionData"])) == {"Transaction.Begin", "Transaction.End"}
    await switch("SampledDataSignReadings")
    _, stopped = await here.session()
    assert signed(stopped.get("transactionData", [])) == {}
