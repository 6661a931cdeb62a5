"""Block D: the local authorization list (TC_D_01 and following)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from agent.cli import main
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import get_variables, plug_in, set_variables, variable
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest


def entry(token: str, status: str | None = "Accepted", **more: Any) -> Payload:
    """Return an entry; without a status it takes the token out."""
    found: Payload = {"idToken": {"idToken": token, "type": "ISO14443"}}
    return found if status is None else found | {"idTokenInfo": {"status": status, **more}}


async def send(csms: Csms, kind: str, version: int, *entries: Payload) -> str:
    request: Payload = {"updateType": kind, "versionNumber": version}
    if entries:
        request["localAuthorizationList"] = list(entries)
    status: str = (await csms.call("SendLocalList", request))["status"]
    return status


async def version(csms: Csms) -> int:
    found: int = (await csms.call("GetLocalListVersion", {}))["versionNumber"]
    return found


async def entries(csms: Csms) -> str:
    [result] = await get_variables(csms, "LocalAuthListCtrlr.Entries")
    value: str = result["attributeValue"]
    return value


async def test_tc_d_01_a_full_list(csms: Csms, start: Start) -> None:
    """D01.FR.01, D01.FR.02, D01.FR.15, D02.FR.01."""
    await start()
    assert await send(csms, "Full", 3, entry(CARD), entry(OTHER_CARD)) == "Accepted"
    assert (await version(csms), await entries(csms)) == (3, "2")
    assert await send(csms, "Full", 1, entry(CARD)) == "Accepted"
    assert (await version(csms), await entries(csms)) == (1, "1")


async def test_tc_d_02_a_differential_update(csms: Csms, start: Start) -> None:
    """D01.FR.16: adds and changes."""
    await start()
    await send(csms, "Full", 1, entry(CARD))
    assert await send(csms, "Differential", 2, entry(CARD, "Blocked"), entry(OTHER_CARD)) == "Accepted"
    assert (await version(csms), await entries(csms)) == (2, "2")


async def test_tc_d_03_a_differential_update_removes(csms: Csms, start: Start) -> None:
    """D01.FR.17."""
    await start()
    await send(csms, "Full", 1, entry(CARD), entry(OTHER_CARD))
    assert await send(csms, "Differential", 2, entry(CARD, None)) == "Accepted"
    assert (await version(csms), await entries(csms)) == (2, "1")


async def test_tc_d_04_a_full_list_with_no_entries(csms: Csms, start: Start) -> None:
    """D01.FR.04: the list is empty, and has a version all the same."""
    await start()
    await send(csms, "Full", 1, entry(CARD))
    assert await send(csms, "Full", 2) == "Accepted"
    assert (await version(csms), await entries(csms)) == (2, "0")


async def test_tc_d_05_a_differential_update_with_no_entries(csms: Csms, start: Start) -> None:
    """D01.FR.05."""
    await start()
    await send(csms, "Full", 1, entry(CARD))
    assert await send(csms, "Differential", 9) == "Accepted"
    assert (await version(csms), await entries(csms)) == (9, "1")


async def test_tc_d_06_an_update_that_is_not_newer(csms: Csms, start: Start) -> None:
    """D01.FR.19."""
    await start()
    await send(csms, "Full", 4, entry(CARD))
    assert await send(csms, "Differential", 4, entry(OTHER_CARD)) == "VersionMismatch"
    assert (await version(csms), await entries(csms)) == (4, "1")


async def test_a_list_that_names_a_token_twice(csms: Csms, start: Start) -> None:
    """D01.FR.06: also in other letters."""
    await start()
    assert await send(csms, "Full", 1, entry(CARD), entry(CARD.lower())) == "Failed"
    assert await version(csms) == 0


async def test_tc_d_07_a_list_survives_a_power_cut(csms: Csms, start: Start) -> None:
    """D01.FR.10, D02.FR.01; TC_D_08."""
    station: StationUnderTest = await start()
    await send(csms, "Full", 7, entry(CARD))
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    assert await version(csms) == 7


async def test_tc_d_09_no_list(csms: Csms, start: Start) -> None:
    """D02.FR.02."""
    await start()
    assert await version(csms) == 0


async def test_tc_d_10_a_disabled_list(csms: Csms, start: Start) -> None:
    """D01.FR.13, D02.FR.03: the variable says and decides whether the list counts."""
    await start()
    await send(csms, "Full", 1, entry(CARD))
    for enabled, found in (("false", 0), ("true", 1)):
        assert await set_variables(csms, {"LocalAuthListCtrlr.Enabled": enabled}) == ["Accepted"]
        [result] = await get_variables(csms, "LocalAuthListCtrlr.Enabled")
        assert result["attributeValue"] == enabled
        assert await version(csms) == found
    await set_variables(csms, {"LocalAuthListCtrlr.Enabled": "false"})
    assert await send(csms, "Full", 2, entry(CARD)) == "Failed"


async def test_the_limits_are_announced_and_kept(csms: Csms, start: Start) -> None:
    """D01.FR.11, D01.FR.12: a list may come in several messages."""
    await start()
    wanted = {"requestId": 1, "componentVariable": [variable("LocalAuthListCtrlr.Entries")]}
    assert (await csms.call("GetReport", wanted))["status"] == "Accepted"
    (described,) = (await csms.expect("NotifyReport")).payload["reportData"]
    assert described["variableCharacteristics"]["maxLimit"] >= 1000
    assert described["variableAttribute"][0]["value"] == "0"
    [most] = await get_variables(csms, "LocalAuthListCtrlr.ItemsPerMessage")
    items = int(most["attributeValue"])
    many = [entry(f"CARD{number}") for number in range(2 * items)]
    assert await send(csms, "Full", 1, *many[: items + 1]) == "Failed"
    assert await send(csms, "Full", 1, *many[:items]) == "Accepted"
    assert await send(csms, "Differential", 2, *many[items:]) == "Accepted"
    assert (await version(csms), await entries(csms)) == (2, str(2 * items))


async def test_tc_c_21_a_listed_token_starts_offline(csms: Csms, start: Start) -> None:
    """C13.FR.03, C13.FR.06; TC_C_23: one that is not good does not."""
    station: StationUnderTest = await start(AuthCtrlr__OfflineTxForUnknownIdEnabled=True)
    await send(csms, "Full", 1, entry(CARD), entry(OTHER_CARD, "Blocked"))
    await plug_in(station, csms)
    await csms.close()
    assert (await station.tap(OTHER_CARD))["why"] == "Blocked"
    await station.accepted(CARD)
    assert csms.calls("Authorize") == []


async def test_tc_c_27_a_listed_token_starts_without_a_question(csms: Csms, start: Start) -> None:
    """C14.FR.04: one without a date."""
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True)
    await send(csms, "Full", 1, entry(CARD.lower()))
    await plug_in(station, csms)
    await station.accepted(CARD)
    await csms.event(eventType="Started")
    assert csms.calls("Authorize") == []


async def test_tc_c_31_a_listed_token_that_is_not_good_is_asked_about(csms: Csms, start: Start) -> None:
    """C14.FR.03; what the backend answers does not change the list (D01.FR.09)."""
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True)
    await send(csms, "Full", 1, entry(CARD, "Invalid"))
    await plug_in(station, csms)
    await station.accepted(CARD)
    await csms.expect("Authorize")
    await csms.event(chargingState="Charging")
    (listed,) = (await station.ask(do="tokens"))["tokens"]
    assert (listed["token"], listed["status"]) == (CARD, "Invalid")


async def test_a_token_that_was_added_by_hand(
    csms: Csms, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    """`chargehand-agent token`, beside a backend that is not disturbed: its version stays."""
    station: StationUnderTest = await start(AuthCtrlr__LocalPreAuthorize=True)
    await send(csms, "Full", 4, entry(OTHER_CARD))
    config = ["--config", str(station.directory / "station.toml")]

    async def token(*arguments: str) -> str:
        assert await asyncio.to_thread(main, ["token", *arguments, *config]) == 0
        return capsys.readouterr().out

    assert await token("add", CARD, "--group", "Staff") == f"{CARD} may charge\n"
    assert await token("list") == (
        "2 tokens, the backend's version 4\n"
        f"{CARD} (ISO14443): Accepted, group Staff\n"
        f"{OTHER_CARD} (ISO14443): Accepted\n"
    )
    await plug_in(station, csms)
    await station.accepted(CARD)
    assert csms.calls("Authorize") == []
    assert await token("remove", CARD) == f"{CARD} is not in the list\n"
    assert json.loads(await token("list", "--json"))["version"] == await version(csms) == 4
