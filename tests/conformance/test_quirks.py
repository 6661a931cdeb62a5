"""What backends get wrong: understood over a real WebSocket, counted, and never the end of the link."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.kit import Csms, Payload
from tests.conformance.station import StationUnderTest
from tests.conformance.versions import speaking

PREFIX = "chargehand_ocpp_quirks_total"
VERSIONS = ("1.6", "2.0.1")


async def counted(station: StationUnderTest) -> Counter[str]:
    """Return how often each quirk has been met."""
    lines = (await station.ask(do="metrics"))["text"].splitlines()
    figures = [line.removeprefix(PREFIX + '{quirk="') for line in lines if line.startswith(PREFIX + "{")]
    return Counter({name: int(count) for name, _, count in (figure.partition('"} ') for figure in figures)})


async def trigger(csms: Csms, message_id: str = "1", **members: Any) -> None:
    """Ask for a Heartbeat in a wrong way, which must be understood."""
    payload = {"requestedMessage": "Heartbeat", **members}
    answer = await csms.raw_call([2, message_id, "TriggerMessage", payload])
    assert answer == [3, message_id, {"status": "Accepted"}]
    await csms.expect("Heartbeat")


WRONG: dict[str, Callable[[str], Payload]] = {
    "null": lambda version: {"connectorId" if version == "1.6" else "evse": None},
    "empty": lambda version: {"connectorId" if version == "1.6" else "evse": ""},
    "extra": lambda _: {"vendorExtension": {"hello": [1, 2]}},
    "capitals": lambda _: {"requestedMessage": "HEARTBEAT"},
    "long_id": lambda _: {"message_id": "x" * 50},
}
"""What is wrong with a TriggerMessage, by the quirk that it is."""


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_a_backend_gets_wrong_is_understood_and_counted(tmp_path: Path, version: str) -> None:
    """Empty texts and null for what is not there, capitals, extra members, ids, times, answers to nobody."""
    async with (
        speaking(version) as csms,
        StationUnderTest(directory=tmp_path, url=csms.url) as station,
    ):
        await csms.expect("StatusNotification")
        assert sum((await counted(station)).values()) == 0
        for number, (quirk, wrong) in enumerate(WRONG.items()):
            await trigger(csms, **({"message_id": str(number)} | wrong(version)))
            assert (await counted(station))[quirk] == 1, quirk
        csms.script["Heartbeat"] = {"currentTime": csms.now().partition(".")[0]}
        await trigger(csms)
        del csms.script["Heartbeat"]
        await trigger(csms, "2")
        assert (await counted(station))["no_zone"] == 1
        for answer in ([3, "nobody", {}], [4, "nobody", "InternalError", "", {}]):
            await csms.send(json.dumps(answer))
        await trigger(csms, "3")
        assert (await counted(station))["unasked"] == 2
        assert csms.connections == 1
    assert csms.failures == [], "what the station says never has any of these"


async def test_a_backend_that_chooses_no_version_is_taken_for_an_old_one(tmp_path: Path) -> None:
    async with (
        speaking("1.6", subprotocol=None) as csms,
        StationUnderTest(directory=tmp_path, url=csms.url) as station,
    ):
        await csms.expect("BootNotification", lambda told: "chargePointVendor" in told)
        await csms.expect("StatusNotification")
        assert (await counted(station))["no_version"] == 1
        await trigger(csms)
        assert csms.connections == 1
