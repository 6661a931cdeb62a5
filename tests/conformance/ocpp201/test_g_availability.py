"""Block G: what a driver would find, and what the operator takes out of service (TC_G_01 and following)."""

from __future__ import annotations

import pytest

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, info, status_of, trigger, unplug
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest

EVSE_1: Payload = {"evse": {"id": 1}}
CONNECTOR_1: Payload = {"evse": {"id": 1, "connectorId": 1}}
STATION: Payload = {}
PLACES = pytest.mark.parametrize(
    "place", [EVSE_1, CONNECTOR_1, STATION], ids=["evse", "connector", "station"]
)


async def change(csms: Csms, status: str, place: Payload) -> str:
    answer = await csms.call("ChangeAvailability", {"operationalStatus": status, **place})
    found: str = answer["status"]
    return found


async def told(csms: Csms, status: str, *evses: int) -> None:
    """Take the status of these EVSEs, and of no other."""
    for evse in evses:
        await csms.expect("StatusNotification", status_of(evse, status))
    await csms.nothing_more(0.2, "StatusNotification")


def meant(place: Payload) -> tuple[int, ...]:
    return (1,) if place else (1, 2)


# what a driver would find


async def test_tc_g_01_tc_g_02_a_status_is_told_when_it_changes(csms: Csms, start: Start) -> None:
    """G01.FR.01, G01.FR.03, G01.FR.04: by EVSE and connector, with the time, and once."""
    station: StationUnderTest = await start(evses=2)
    station.bays[1].plug_in()
    call = await csms.expect("StatusNotification", status_of(2, "Occupied"))
    assert call.payload["connectorId"] == 1
    assert call.payload["timestamp"].startswith("20")
    station.bays[1].unplug()
    await told(csms, "Available", 2)


async def test_tc_g_02_a_heartbeat_sets_the_clock_and_stays_out_of_the_way(csms: Csms, start: Start) -> None:
    """G02.FR.01, G02.FR.02, G02.FR.06: with no other message for the interval of the boot."""
    csms.boot_interval_s = 1
    await start()
    first = await csms.expect("Heartbeat")
    second = await csms.expect("Heartbeat")
    assert first.payload == {}
    assert second.at_s - first.at_s > 0.8


# out of service


@PLACES
async def test_tc_g_03_05_07_out_of_service_and_back(csms: Csms, start: Start, place: Payload) -> None:
    """G03.FR.01, G03.FR.02, G03.FR.04, G03.FR.06, G01.FR.07: and of the whole station G04.FR.01, G04.FR.02,
    G04.FR.03, G04.FR.05, G04.FR.07; TC_G_04, TC_G_06 and TC_G_08: back again. TC_G_05, TC_G_07.

    G03.FR.03, G04.FR.04: what is so already is accepted, too (TC_G_09, TC_G_10, TC_G_12, TC_G_13, TC_G_15,
    TC_G_16).
    """
    station: StationUnderTest = await start(evses=2)
    assert await change(csms, "Operative", place) == "Accepted"
    await csms.nothing_more(0.2, "StatusNotification")
    assert await change(csms, "Inoperative", place) == "Accepted"
    await told(csms, "Unavailable", *meant(place))
    assert await change(csms, "Inoperative", place) == "Accepted"
    outcome = await station.tap(CARD, 1)
    assert (outcome["accepted"], outcome["why"]) == (False, "out of service")
    assert await change(csms, "Operative", place) == "Accepted"
    await told(csms, "Available", *meant(place))


@PLACES
async def test_tc_g_11_14_17_a_transaction_is_never_cut(csms: Csms, start: Start, place: Payload) -> None:
    """G03.FR.05, G04.FR.06: Scheduled; others of the station are out at once.

    TC_G_14, TC_G_17.
    """
    station: StationUnderTest = await start(evses=2)
    await charge(station, csms)
    assert await change(csms, "Inoperative", place) == "Scheduled"
    await told(csms, "Unavailable", *meant(place)[1:])
    assert (await station.evse())["charging_state"] == "Charging"
    assert await trigger(csms, "StatusNotification", evse={"id": 1, "connectorId": 1}) == "Accepted"
    await csms.expect("StatusNotification", status_of(1, "Occupied"))
    await station.accepted(CARD)
    await csms.event(eventType="Ended")
    await told(csms, "Unavailable", 1)
    station.bay.unplug()
    await station.until(pilot="A")
    await csms.nothing_more(0.2, "StatusNotification", "TransactionEvent")


@PLACES
async def test_tc_g_18_19_21_it_survives_a_power_cut(csms: Csms, start: Start, place: Payload) -> None:
    """G01.FR.02, G03.FR.08, G04.FR.09; also when it happens right after the answer.

    TC_G_19, TC_G_21.
    """
    station: StationUnderTest = await start(evses=2)
    await change(csms, "Inoperative", place)
    for restarts in range(2):
        await (station.switch_off() if restarts else station.cut_power())
        csms.forget()
        await station.power_on()
        for evse in (1, 2):
            status = "Unavailable" if evse in meant(place) else "Available"
            await csms.expect("StatusNotification", status_of(evse, status))
    assert not (await station.tap(CARD, 1))["accepted"]


async def test_what_is_scheduled_survives_a_power_cut_with_its_transaction(csms: Csms, start: Start) -> None:
    """G01.FR.05: it is carried out when the vehicle has left, which is told at once."""
    station: StationUnderTest = await start()
    await charge(station, csms)
    assert await change(csms, "Inoperative", EVSE_1) == "Scheduled"
    await station.cut_power()
    csms.forget()
    await station.power_on()
    await csms.expect("StatusNotification", status_of(1, "Occupied"))
    await station.until(charging_state="Charging")
    csms.forget()
    station.bay.unplug()
    await csms.event(eventType="Ended")
    await told(csms, "Unavailable", 1)


async def test_each_layer_is_remembered(csms: Csms, start: Start) -> None:
    """G03.FR.07, G04.FR.08: an EVSE that was out by itself stays out when the station is put back."""
    await start(evses=2)
    await change(csms, "Inoperative", EVSE_1)
    await change(csms, "Inoperative", STATION)
    await change(csms, "Operative", STATION)
    for evse in (1, 2):
        await csms.expect("StatusNotification", status_of(evse, "Unavailable"))
    await told(csms, "Available", 2)
    assert await change(csms, "Operative", EVSE_1) == "Accepted"
    await csms.expect("StatusNotification", status_of(1, "Available"))


async def test_a_place_that_is_not_there_is_rejected(csms: Csms, start: Start) -> None:
    await start()
    assert await change(csms, "Inoperative", {"evse": {"id": 7}}) == "Rejected"
    assert await change(csms, "Inoperative", {"evse": {"id": 1, "connectorId": 2}}) == "Rejected"


async def test_out_of_service_holds_offline_and_for_vehicles_that_come(csms: Csms, start: Start) -> None:
    """No transaction begins out of service, whatever starts one; one that waits begins with the service."""
    station: StationUnderTest = await start(TxCtrlr__TxStartPoint="EVConnected")
    await change(csms, "Inoperative", EVSE_1)
    await csms.expect("StatusNotification", status_of(1, "Unavailable"))
    port = csms.port
    await csms.close()
    station.bay.plug_in()
    await station.until(pilot="B")
    assert not (await station.tap(CARD))["accepted"]
    await csms.listen(port)
    await csms.until(lambda: csms.is_connected)
    await csms.nothing_more(0.3, "TransactionEvent")
    await change(csms, "Operative", EVSE_1)
    started = await csms.event(eventType="Started")
    assert info(started, "triggerReason") == ("CablePluggedIn",)
    await csms.expect("StatusNotification", status_of(1, "Occupied"))


async def test_a_driver_elsewhere_is_not_disturbed(csms: Csms, start: Start) -> None:
    """It is one EVSE only that is out of service."""
    station: StationUnderTest = await start(evses=2)
    await charge(station, csms, OTHER_CARD, 2)
    assert await change(csms, "Inoperative", EVSE_1) == "Accepted"
    await csms.expect("StatusNotification", status_of(1, "Unavailable"))
    await plug_in_out_of_service(station, csms)
    assert (await station.evse(2))["charging_state"] == "Charging"
    await unplug(station, csms, 2)


async def plug_in_out_of_service(station: StationUnderTest, csms: Csms) -> None:
    station.bay.plug_in()
    await station.until(pilot="B")
    await csms.nothing_more(0.2, "StatusNotification")
