"""B01 (cold boot), B02 (pending), B03 (rejected)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conformance.kit import Csms, Payload, Raw, Refuse, Refused, Silence
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import (
    charge,
    get_variables,
    metered,
    remote_start,
    set_variables,
    trigger,
    variable,
)
from tests.conformance.station import CARD, seq_nos

BOOT = "BootNotification"
LONG_S = 300


async def test_tc_b_01_cs_cold_boot_accepted(csms: Csms, start: Start) -> None:
    """B01.FR.01, B01.FR.02, B01.FR.04, B01.FR.05: announced once, then every connector's status."""
    csms.boot_interval_s = 1234
    await start(booted=False, evses=2)
    boot = await csms.expect(BOOT)
    assert boot.payload["reason"] == "PowerUp"
    assert boot.payload["chargingStation"] == {
        "vendorName": "chargehand",
        "model": "Emulated",
        "serialNumber": "0001",
    }
    statuses = [(await csms.expect("StatusNotification")).payload for _ in range(2)]
    found = {(payload["evseId"], payload["connectorId"], payload["connectorStatus"]) for payload in statuses}
    assert found == {(1, 1, "Available"), (2, 1, "Available")}
    await csms.nothing_more(0.3)
    [interval] = await get_variables(csms, "OCPPCommCtrlr.HeartbeatInterval")
    assert interval["attributeValue"] == "1234"


async def test_b01_fr_06_the_clock_follows_the_backend(csms: Csms, start: Start) -> None:
    """The time of the answer is used from then on."""
    csms.clock_offset = timedelta(hours=5)
    await start(booted=False)
    await csms.expect(BOOT)
    status = await csms.expect("StatusNotification")
    told = datetime.fromisoformat(status.payload["timestamp"])
    assert abs(told - datetime.fromisoformat(csms.now())) < timedelta(seconds=2)


async def test_b04_a_reconnect_is_no_boot(csms: Csms, start: Start) -> None:
    """BootNotification belongs to a start; coming back it is not sent again."""
    await start()
    await csms.drop()
    await csms.expect("Heartbeat")
    await csms.nothing_more(0.3)


async def test_b01_fr_01_a_connection_lost_before_the_answer(csms: Csms, start: Start) -> None:
    """The station announces itself on the next connection."""
    csms.script[BOOT] = Silence()
    await start(booted=False)
    await csms.expect(BOOT)
    del csms.script[BOOT]
    await csms.drop()
    assert (await csms.expect(BOOT)).payload["reason"] == "PowerUp"
    await csms.expect("StatusNotification")


@pytest.mark.parametrize(
    "answer",
    [
        Refuse("InternalError"),
        Raw('[3,"{id}",{}]'),
        Raw('[3,"{id}",{"currentTime":"yesterday","interval":1,"status":"Accepted"}]'),
    ],
)
async def test_b01_an_answer_that_is_none(csms: Csms, start: Start, answer: Refuse | Raw) -> None:
    """Neither accepted nor crashed: tried again after HeartbeatInterval."""
    csms.script[BOOT] = answer
    await start(booted=False, OCPPCommCtrlr__HeartbeatInterval=1)
    await csms.expect(BOOT)
    await csms.nothing_more(0.3)
    del csms.script[BOOT]
    await csms.expect(BOOT)
    await csms.expect("StatusNotification")


async def test_b01_a_power_cut_in_a_session_boots_anew_and_resumes_it(csms: Csms, start: Start) -> None:
    """The transaction goes on under the same id, and nothing is lost or sent twice."""
    station = await start()
    transaction_id = await charge(station, csms)
    await station.cut_power()
    csms.forget()
    await station.power_on()
    assert (await csms.expect(BOOT)).payload["reason"] == "PowerUp"
    await csms.expect("StatusNotification", lambda payload: payload["connectorStatus"] == "Occupied")
    await station.accepted(CARD)
    await csms.event(eventType="Ended", stoppedReason="Local")
    events = csms.events(transaction_id)
    assert seq_nos(events) == list(range(len(events)))
    assert [event["eventType"] for event in events].count("Ended") == 1


# B02


async def pending(csms: Csms, start: Start, interval_s: int = LONG_S, **variables: Any) -> Any:
    """Start a station that the backend keeps waiting (reusable state Pending)."""
    csms.script[BOOT] = csms.boot("Pending", interval_s)
    station = await start(booted=False, **variables)
    await csms.expect(BOOT)
    return station


async def test_tc_b_02_cs_cold_boot_pending(csms: Csms, start: Start) -> None:
    """B02.FR.01, B02.FR.02, B02.FR.05: configured while pending, then accepted."""
    await pending(csms, start)
    assert await set_variables(csms, {"OCPPCommCtrlr.OfflineThreshold": "300"}) == ["Accepted"]
    [result] = await get_variables(csms, "OCPPCommCtrlr.OfflineThreshold")
    assert result["attributeValue"] == "300"
    answer = await csms.call("GetBaseReport", {"requestId": 5, "reportBase": "FullInventory"})
    assert answer["status"] == "Accepted"
    while (await csms.expect("NotifyReport")).payload["tbc"]:
        pass
    assert (await remote_start(csms))["status"] == "Rejected"
    stop = await csms.call("RequestStopTransaction", {"transactionId": "any"})
    assert stop["status"] == "Rejected"
    await csms.nothing_more(0.2)
    del csms.script[BOOT]
    assert await trigger(csms, BOOT) == "Accepted"
    assert (await csms.expect(BOOT)).payload["reason"] == "Triggered"
    await csms.expect("StatusNotification")


async def test_b02_fr_02_nothing_is_sent_unasked(csms: Csms, start: Start) -> None:
    """B01.FR.08, B02.FR.02: no status, event, heartbeat or meter value before Accepted."""
    station = await pending(
        csms,
        start,
        OCPPCommCtrlr__HeartbeatInterval=1,
        AlignedDataCtrlr__Interval=1,
        AuthCtrlr__OfflineTxForUnknownIdEnabled=True,
    )
    station.bay.plug_in()
    await station.until(phase="cable-only")
    await station.accepted(CARD)
    await station.until(charging_state="Charging")
    await csms.nothing_more(1.5)
    del csms.script[BOOT]
    await trigger(csms, BOOT)
    started = await csms.event(eventType="Started")
    assert started["offline"] is True
    await csms.event(eventType="Updated", chargingState="Charging")


async def test_b02_fr_08_the_interval_is_kept(csms: Csms, start: Start) -> None:
    """B02.FR.04, B02.FR.08: BootNotification comes again after the interval, not before."""
    await pending(csms, start, interval_s=1)
    [first] = csms.calls(BOOT)
    del csms.script[BOOT]
    again = await csms.expect(BOOT)
    assert 1.0 <= again.at_s - first.at_s < 2.5
    await csms.expect("StatusNotification")


async def test_b02_fr_06_b02_fr_07_an_interval_of_zero_is_the_stations_own_choice(
    csms: Csms, start: Start
) -> None:
    """B02.FR.06, B02.FR.07: neither a flood nor another connection."""
    await pending(csms, start, interval_s=0, OCPPCommCtrlr__HeartbeatInterval=1)
    for _ in range(2):
        await csms.expect(BOOT)
    boots = csms.calls(BOOT)
    assert boots[2].at_s - boots[0].at_s >= 2.0
    assert csms.connections == 1


@pytest.mark.parametrize(
    ("message", "evse"),
    [
        ("Heartbeat", {}),
        ("StatusNotification", {"evse": {"id": 1, "connectorId": 1}}),
        ("MeterValues", {}),
        ("LogStatusNotification", {}),
    ],
)
async def test_b02_fr_02_what_is_triggered_is_sent(
    csms: Csms, start: Start, message: str, evse: Payload
) -> None:
    """Messages that the backend asks for are sent although it has not accepted the station yet."""
    station = await pending(csms, start)
    await metered(station)
    assert await trigger(csms, message, **evse) == "Accepted"
    await csms.expect(message)
    await csms.nothing_more(0.2)


async def test_b02_drivers_are_turned_away_if_so_configured(csms: Csms, start: Start) -> None:
    """TxBeforeAcceptedEnabled false: nobody charges before the backend has accepted the station."""
    station = await pending(
        csms, start, TxCtrlr__TxBeforeAcceptedEnabled=False, AuthCtrlr__OfflineTxForUnknownIdEnabled=True
    )
    assert not (await station.tap(CARD, 1))["accepted"]
    await csms.nothing_more(0.2)


# B03


async def test_tc_b_03_cs_cold_boot_rejected(csms: Csms, start: Start) -> None:
    """B03.FR.02, B03.FR.06: nothing is sent until the interval is over, not even on a new connection."""
    csms.script[BOOT] = csms.boot("Rejected", 1)
    await start(booted=False)
    first = await csms.expect(BOOT)
    await csms.drop()
    again = await csms.expect(BOOT)
    assert again.at_s - first.at_s >= 1.0
    del csms.script[BOOT]
    await csms.expect(BOOT)
    await csms.expect("StatusNotification")


async def test_tc_b_30_cs_messages_while_rejected_are_a_security_error(csms: Csms, start: Start) -> None:
    """B03.FR.08."""
    csms.script[BOOT] = csms.boot("Rejected", LONG_S)
    await start(booted=False)
    await csms.expect(BOOT)
    requests: list[tuple[str, Payload]] = [
        ("TriggerMessage", {"requestedMessage": BOOT}),
        ("GetVariables", {"getVariableData": [variable("OCPPCommCtrlr.OfflineThreshold")]}),
    ]
    for action, payload in requests:
        with pytest.raises(Refused) as refusal:
            await csms.call(action, payload)
        assert refusal.value.code == "SecurityError"
    await csms.nothing_more(0.2)


async def test_b03_fr_05_an_interval_of_zero_is_the_stations_own_choice(csms: Csms, start: Start) -> None:
    """Neither a flood nor silence for ever: HeartbeatInterval is used."""
    csms.script[BOOT] = csms.boot("Rejected", 0)
    await start(booted=False, OCPPCommCtrlr__HeartbeatInterval=1)
    await csms.expect(BOOT)
    again = await csms.expect(BOOT)
    assert again.at_s - csms.calls(BOOT)[0].at_s >= 1.0
