"""Block O: the backend has drivers shown messages (TC_O_01 and following)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conformance.kit import PATIENCE_S, Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, unplug
from tests.conformance.station import CARD, StationUnderTest

FORMATS: Mapping[str, Any] = {"DisplayMessageCtrlr__SupportedFormats": "ASCII,UTF8,URI"}


def info(number: int = 1, priority: str = "NormalCycle", **members: Any) -> Payload:
    """Return a message whose text is its number."""
    content = {"format": "UTF8", "content": f"text {number}"} | members.pop("content", {})
    return {"id": number, "priority": priority, "message": content, **members}


def moment(seconds: float) -> str:
    """Return the time so many seconds from now."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def set_message(csms: Csms, message: Payload) -> str:
    status: str = (await csms.call("SetDisplayMessage", {"message": message}))["status"]
    return status


async def messages(csms: Csms, request_id: int = 5, **criteria: Any) -> list[Payload]:
    """Return what the station reports that it has; the parts must be of this request."""
    answer = await csms.call("GetDisplayMessages", {"requestId": request_id, **criteria})
    if answer["status"] == "Unknown":
        return []
    found: list[Payload] = []
    is_complete = False
    while not is_complete:
        part = (await csms.expect("NotifyDisplayMessages")).payload
        assert part["requestId"] == request_id
        found += part["messageInfo"]
        is_complete = not part.get("tbc", False)
    return found


async def ids(csms: Csms, **criteria: Any) -> list[int]:
    return [message["id"] for message in await messages(csms, **criteria)]


async def shows(station: StationUnderTest, *texts: str, evse: int | None = 1) -> None:
    """Wait until these texts, and no others, take turns at an EVSE."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while (seen := await cycle(station, evse)) != list(texts):
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"wanted {texts}, shown are {seen}") from None


async def cycle(station: StationUnderTest, evse: int | None) -> list[str]:
    places = (await station.ask(do="display"))["places"]
    return [text["text"] for place in places if place["evse"] == evse for text in place["cycle"]]


async def test_tc_o_01_and_12_a_message_is_shown_and_replaced_with_all_its_parameters(
    csms: Csms, start: Start
) -> None:
    """O01.FR.12, O06.FR.01: TC_O_12."""
    station: StationUnderTest = await start()
    assert await set_message(csms, info(1, state="Idle")) == "Accepted"
    await shows(station, "text 1")
    assert await set_message(csms, info(1, state="Faulted", content={"content": "new"})) == "Accepted"
    await shows(station)
    (found,) = await messages(csms)
    assert (found["state"], found["message"]["content"]) == ("Faulted", "new")


async def test_tc_o_02_and_03_all_messages_are_reported_in_as_many_parts_as_it_takes(
    csms: Csms, start: Start
) -> None:
    """O03.FR.01, O03.FR.02, O03.FR.03, O03.FR.04, O03.FR.05, O03.FR.06, O04.FR.07.

    TC_O_03.
    """
    await start()
    assert (await csms.call("GetDisplayMessages", {"requestId": 1}))["status"] == "Unknown"
    everything = info(0, "InFront", state="Charging", startDateTime=moment(60), endDateTime=moment(120))
    everything["message"] |= {"language": "en-US", "format": "ASCII"}
    everything["display"] = {"name": "Display", "evse": {"id": 1}}
    await set_message(csms, everything)
    for number in range(1, 25):
        await set_message(csms, info(number))
    assert (await csms.call("GetDisplayMessages", {"requestId": 77}))["status"] == "Accepted"
    parts = [(await csms.expect("NotifyDisplayMessages")).payload for _ in range(3)]
    assert [part["tbc"] for part in parts] == [True, True, False]
    assert {part["requestId"] for part in parts} == {77}
    found = [message for part in parts for message in part["messageInfo"]]
    assert [message["id"] for message in found] == list(range(25))
    for name in ("startDateTime", "endDateTime"):
        assert datetime.fromisoformat(found[0][name]) == datetime.fromisoformat(everything[name])
    same = {name: value for name, value in everything.items() if "DateTime" not in name}
    assert found[0] | same == found[0]


async def test_tc_o_04_and_05_a_message_is_cleared_once(csms: Csms, start: Start) -> None:
    """O05.FR.01, O05.FR.02: TC_O_05."""
    station: StationUnderTest = await start()
    await set_message(csms, info(4))
    assert (await csms.call("ClearDisplayMessage", {"id": 4}))["status"] == "Accepted"
    await shows(station)
    assert await ids(csms, id=[4]) == []
    assert (await csms.call("ClearDisplayMessage", {"id": 4}))["status"] == "Unknown"


async def test_tc_o_06_and_10_a_message_of_a_transaction_goes_with_it(csms: Csms, start: Start) -> None:
    """O02.FR.01, O02.FR.02, O02.FR.14: TC_O_10."""
    station: StationUnderTest = await start()
    assert await set_message(csms, info(1, transactionId="another")) == "UnknownTransaction"
    transaction = await charge(station, csms)
    assert await set_message(csms, info(1, transactionId=transaction)) == "Accepted"
    assert await set_message(csms, info(2, transactionId=transaction, startDateTime=moment(60))) == "Accepted"
    await shows(station, "text 1")
    await station.accepted(CARD)
    await csms.event(eventType="Ended")
    await shows(station)
    assert await ids(csms) == []
    await unplug(station, csms)


async def test_tc_o_07_08_09_11_33_34_and_35_messages_are_found_by_what_they_are(
    csms: Csms, start: Start
) -> None:
    """O04.FR.01, O04.FR.02, O04.FR.03, O04.FR.06.

    TC_O_08, TC_O_09, TC_O_11, TC_O_33, TC_O_34, TC_O_35.
    """
    await start()
    assert await ids(csms, id=[1]) == []
    await set_message(csms, info(1, "InFront", state="Charging"))
    await set_message(csms, info(2, state="Charging"))
    await set_message(csms, info(3, "InFront"))
    assert await ids(csms, id=[3, 1, 9]) == [1, 3]
    assert await ids(csms, priority="InFront") == [1, 3]
    assert await ids(csms, state="Charging") == [1, 2]
    assert await ids(csms, id=[1, 2], priority="NormalCycle") == [2]
    assert await ids(csms, id=[3], state="Charging") == []
    assert await ids(csms, priority="AlwaysFront") == []


async def test_specific_messages_come_in_as_many_parts_as_it_takes(csms: Csms, start: Start) -> None:
    """O04.FR.04, O04.FR.05."""
    await start()
    for number in range(12):
        await set_message(csms, info(number, state="Idle"))
    await csms.call("GetDisplayMessages", {"requestId": 3, "state": "Idle"})
    parts = [(await csms.expect("NotifyDisplayMessages")).payload for _ in range(2)]
    assert [part["tbc"] for part in parts] == [True, False]
    assert [len(part["messageInfo"]) for part in parts] == [10, 2]


async def test_tc_o_13_and_14_a_message_has_its_time(csms: Csms, start: Start) -> None:
    """O01.FR.06, O01.FR.07, O02.FR.06, O02.FR.07: whether it belongs to a transaction or not.

    TC_O_14, TC_O_27, TC_O_28.
    """
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    times = {"startDateTime": moment(1.0), "endDateTime": moment(2.0)}
    await set_message(csms, info(1, **times))
    await set_message(csms, info(2, transactionId=transaction, **times))
    await shows(station)
    assert await ids(csms) == [1, 2]
    await shows(station, "text 1", "text 2")
    await shows(station)
    assert await ids(csms) == []


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (info(priority="InFront"), "NotSupportedPriority"),  # TC_O_17: O01.FR.01
        (info(content={"format": "HTML"}), "NotSupportedMessageFormat"),  # TC_O_19: O01.FR.03
        (info(content={"format": "URI"}), "Accepted"),
        (info(content={"language": "no_tag"}), "Rejected"),  # O01.FR.17
        (info(endDateTime="2026-01-01T00:00:00Z"), "Rejected"),  # TC_O_26
        (info(display={"name": "Billboard"}), "Rejected"),
        (info(display={"name": "Display", "evse": {"id": 7}}), "Rejected"),
    ],
)
async def test_tc_o_17_19_and_26_what_cannot_be_shown_is_refused(
    csms: Csms, start: Start, message: Payload, status: str
) -> None:
    """O01.FR.01, O01.FR.03, O01.FR.17, O01.FR.22, O02.FR.03, O02.FR.05, O02.FR.12: in a transaction, too."""
    station: StationUnderTest = await start(
        **FORMATS, DisplayMessageCtrlr__SupportedPriorities="NormalCycle,AlwaysFront"
    )
    assert await set_message(csms, message) == status
    transaction = await charge(station, csms)
    assert await set_message(csms, {**message, "transactionId": transaction}) == status


async def test_tc_o_20_messages_survive_a_power_cut(csms: Csms, start: Start) -> None:
    """O01.FR.10, O02.FR.10: those of a transaction that goes on, too."""
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    await set_message(csms, info(1))
    await set_message(csms, info(2, transactionId=transaction))
    await station.cut_power()
    await station.power_on()
    await shows(station, "text 1", "text 2")
    await csms.expect("BootNotification")
    assert await ids(csms) == [1, 2]


async def test_tc_o_22_24_30_and_32_what_is_in_front_keeps_the_rest_away(csms: Csms, start: Start) -> None:
    """O01.FR.13, O01.FR.14, O01.FR.15, O01.FR.16, O02.FR.15, O02.FR.16, O02.FR.17, O02.FR.18.

    TC_O_24, TC_O_30, TC_O_32.
    """
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    for more in ({}, {"transactionId": transaction}):
        await set_message(csms, info(1))
        await set_message(csms, info(2, "InFront", **more))
        await shows(station, "text 2")
        await set_message(csms, info(3, "InFront", **more))
        await shows(station, "text 2", "text 3")
        await set_message(csms, info(4, "AlwaysFront", **more))
        await shows(station, "text 4")
        await set_message(csms, info(5, "AlwaysFront", **more))
        await shows(station, "text 5")
        assert await ids(csms) == [1, 2, 3, 5]
        for number in (2, 3, 5):
            await csms.call("ClearDisplayMessage", {"id": number})
        await shows(station, "text 1")


async def test_tc_o_36_37_38_and_39_a_message_for_a_state_is_shown_in_it(csms: Csms, start: Start) -> None:
    """TC_O_37, TC_O_38, TC_O_39; every state is supported (TC_O_18)."""
    station: StationUnderTest = await start()
    for number, state in enumerate(("Idle", "Charging", "Faulted", "Unavailable"), start=1):
        assert await set_message(csms, info(number, state=state)) == "Accepted"
    await shows(station, "text 1")
    await charge(station, csms)
    await shows(station, "text 2")
    station.bay.silence_controller(True)
    await shows(station, "text 3")
    station.bay.silence_controller(False)
    await shows(station, "text 2")
    await station.accepted(CARD)
    await csms.event(eventType="Ended")
    await unplug(station, csms)
    await shows(station, "text 1")
    assert (await csms.call("ChangeAvailability", {"operationalStatus": "Inoperative"}))[
        "status"
    ] == "Accepted"
    await shows(station, "text 4")
    assert await ids(csms) == [1, 2, 3, 4]


async def test_messages_beyond_the_limit_are_refused_in_a_transaction_too(csms: Csms, start: Start) -> None:
    """O01.FR.11, O02.FR.11: the limit is what the device model says."""
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    await csms.call("GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"})
    most = await reported_limit(csms)
    for number in range(most):
        assert await set_message(csms, info(number)) == "Accepted"
    assert await set_message(csms, info(most)) == "Rejected"
    assert await set_message(csms, info(most, transactionId=transaction)) == "Rejected"
    assert await set_message(csms, info(0, transactionId=transaction)) == "Accepted"


async def reported_limit(csms: Csms) -> int:
    """Return the maxLimit of NumberOfDisplayMessages from the report that comes."""
    most = 0
    is_complete = False
    while not is_complete:
        part = (await csms.expect("NotifyReport")).payload
        for data in part["reportData"]:
            if (data["component"]["name"], data["variable"]["name"]) == (
                "DisplayMessageCtrlr",
                "DisplayMessages",
            ):
                most = int(data["variableCharacteristics"]["maxLimit"])
        is_complete = not part["tbc"]
    return most


async def test_the_driver_reads_in_his_language(csms: Csms, start: Start) -> None:
    """O01.FR.08, O01.FR.09, O02.FR.08, O02.FR.09, C01.FR.09: else in English (C01.FR.13)."""
    csms.tokens[CARD] = {"status": "Accepted", "language1": "fr", "language2": "de"}
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    for more in ({}, {"transactionId": transaction}):
        await set_message(csms, info(1, content={"language": "en-GB"}, **more))
        await set_message(csms, info(2, content={"language": "es"}, **more))
        await shows(station, "text 1")
        await set_message(csms, info(3, content={"language": "de-DE"}, **more))
        await shows(station, "text 3")
        await csms.call("ClearDisplayMessage", {"id": 3})
