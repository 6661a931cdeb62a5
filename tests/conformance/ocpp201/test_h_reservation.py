"""Block H: an EVSE is kept for a driver (TC_H_01 and following)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, plug_in, remote_start, set_variables, status_of
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest

THIRD_CARD = "0400112233"


async def reserve(
    csms: Csms, number: int = 1, evse: int | None = 1, *, for_s: float = 300, group: str = "", **more: Any
) -> str:
    """Reserve for CARD and return the status that comes of it."""
    request: dict[str, Any] = {
        "id": number,
        "expiryDateTime": (datetime.now(UTC) + timedelta(seconds=for_s)).isoformat(),
        "idToken": {"idToken": CARD, "type": "ISO14443"},
        **({} if evse is None else {"evseId": evse}),
        **({"groupIdToken": {"idToken": group, "type": "Central"}} if group else {}),
        **more,
    }
    status: str = (await csms.call("ReserveNow", request))["status"]
    return status


async def cancel(csms: Csms, number: int = 1) -> str:
    status: str = (await csms.call("CancelReservation", {"reservationId": number}))["status"]
    return status


async def told(csms: Csms, status: str, *evses: int) -> None:
    for evse in evses:
        await csms.expect("StatusNotification", status_of(evse, status))


async def ended(csms: Csms) -> tuple[int, str]:
    """Return number and fate of a reservation that ended by itself."""
    payload = (await csms.expect("ReservationStatusUpdate")).payload
    return payload["reservationId"], payload["reservationUpdateStatus"]


# one EVSE


async def test_tc_h_01_a_reserved_evse_is_used_by_its_driver(csms: Csms, start: Start) -> None:
    """H01.FR.04, H01.FR.15, H01.FR.23, H03.FR.01, H03.FR.02, H03.FR.03, E01.FR.13, E02.FR.03,
    F01.FR.21, F02.FR.23.

    Nobody else may use it, by card or by request (H03.FR.09); their cable leaves it Reserved (G01.FR.09,
    G03.FR.09) until the card is there (G01.FR.06).
    """
    station: StationUnderTest = await start(evses=2)
    assert await reserve(csms, 11) == "Accepted"
    await told(csms, "Reserved", 1)
    assert (await station.tap(OTHER_CARD, 1))["why"] == "reserved for somebody else"
    assert (await remote_start(csms, OTHER_CARD))["status"] == "Rejected"
    station.bay.plug_in()
    await station.until(pilot="B")
    await csms.nothing_more(0.2, "StatusNotification")
    assert not (await station.tap(OTHER_CARD, 1))["accepted"]
    await station.accepted(CARD)
    await told(csms, "Occupied", 1)
    started = await csms.event(eventType="Started")
    assert started["reservationId"] == 11
    await csms.event(chargingState="Charging")
    assert await cancel(csms, 11) == "Rejected", "it is used up"
    assert csms.calls("ReservationStatusUpdate") == []


async def test_a_card_before_the_cable_uses_a_reservation(csms: Csms, start: Start) -> None:
    """E03.FR.03."""
    station: StationUnderTest = await start()
    assert await reserve(csms, 15) == "Accepted"
    await station.accepted(CARD)
    station.bay.plug_in()
    assert (await csms.event(eventType="Started"))["reservationId"] == 15


async def test_a_remote_start_uses_a_reservation(csms: Csms, start: Start) -> None:
    """F01.FR.22, F02.FR.24, F02.FR.06, H03.FR.05, H03.FR.06: by token or by group; F02: before the cable."""
    station: StationUnderTest = await start(AuthCtrlr__AuthorizeRemoteStart=False)
    assert await reserve(csms, 12, group="Fleet") == "Accepted"
    await told(csms, "Reserved", 1)
    assert (await remote_start(csms, OTHER_CARD))["status"] == "Rejected"
    group = {"idToken": "FLEET", "type": "Central"}
    assert (await remote_start(csms, OTHER_CARD, groupIdToken=group))["status"] == "Accepted"
    await told(csms, "Available", 1)
    await plug_in(station, csms)
    started = await csms.event(eventType="Started")
    assert started["reservationId"] == 12


async def test_tc_h_19_a_card_of_the_group_uses_it(csms: Csms, start: Start) -> None:
    """H03.FR.04, H03.FR.07, H03.FR.08, H03.FR.10: the group comes from the backend, or from the cache."""
    group = {"groupIdToken": {"idToken": "Fleet", "type": "Central"}}
    csms.tokens[OTHER_CARD] = {"status": "Accepted", **group}
    station: StationUnderTest = await start(evses=2)
    assert await reserve(csms, 13, evse=2, group="FLEET") == "Accepted"
    await told(csms, "Reserved", 2)
    csms.tokens[THIRD_CARD] = {"status": "Accepted"}
    assert not (await station.tap(THIRD_CARD, 2))["accepted"]
    await csms.expect("Authorize")
    await station.accepted(OTHER_CARD)
    await csms.expect("Authorize")
    await told(csms, "Available", 2)
    await station.accepted(OTHER_CARD)
    await station.until(2, token=None)
    await reserve(csms, 14, evse=2, group="FLEET")
    await told(csms, "Reserved", 2)
    await csms.close()
    await station.accepted(OTHER_CARD)
    await station.until(2, status="Available", token=OTHER_CARD)


async def test_tc_h_02_to_05_what_is_not_free_cannot_be_reserved(csms: Csms, start: Start) -> None:
    """H01.FR.11, H01.FR.12, H01.FR.14: Occupied, Faulted, Unavailable. TC_H_03, TC_H_04."""
    station: StationUnderTest = await start(evses=2)
    assert await reserve(csms, 1, evse=2) == "Accepted"
    assert await reserve(csms, 2, evse=2) == "Occupied"
    await plug_in(station, csms)
    assert await reserve(csms, 3) == "Occupied"
    station.bay.unplug()
    await told(csms, "Available", 1)
    await csms.call("ChangeAvailability", {"operationalStatus": "Inoperative", "evse": {"id": 1}})
    await told(csms, "Unavailable", 1)
    assert await reserve(csms, 3) == "Unavailable"
    await csms.call("ChangeAvailability", {"operationalStatus": "Operative", "evse": {"id": 1}})
    station.bay.silence_controller(True)
    await csms.expect("StatusNotification", status_of(1, "Faulted"))
    assert await reserve(csms, 3) == "Faulted"
    assert await reserve(csms, 3, evse=9) == "Rejected"


@pytest.mark.parametrize("setting", ["ReservationCtrlr.Enabled", "ReservationCtrlr.NonEvseSpecific"])
async def test_tc_h_22_tc_h_13_the_station_takes_none(csms: Csms, start: Start, setting: str) -> None:
    """H01.FR.01, H01.FR.18, H01.FR.19."""
    await start()
    assert await set_variables(csms, {setting: "false"}) == ["Accepted"]
    assert await reserve(csms, 1, evse=None) == "Rejected"
    assert await reserve(csms, 1, evse=1) == ("Rejected" if setting.endswith("Enabled") else "Accepted")


async def test_tc_h_06_the_same_number_replaces(csms: Csms, start: Start) -> None:
    """H01.FR.02."""
    await start(evses=2)
    assert await reserve(csms, 21, evse=1) == "Accepted"
    await told(csms, "Reserved", 1)
    assert await reserve(csms, 21, evse=2) == "Accepted"
    await told(csms, "Available", 1)
    await told(csms, "Reserved", 2)
    assert await cancel(csms, 21) == "Accepted"
    await told(csms, "Available", 2)


async def test_tc_h_23_the_same_number_for_another_driver(csms: Csms, start: Start) -> None:
    """H01.FR.02: the driver before has it no more."""
    station: StationUnderTest = await start()
    assert await reserve(csms, 22) == "Accepted"
    await told(csms, "Reserved", 1)
    other = {"idToken": OTHER_CARD, "type": "ISO14443"}
    assert await reserve(csms, 22, idToken=other) == "Accepted"
    assert (await station.tap(CARD))["why"] == "reserved for somebody else"
    await station.accepted(OTHER_CARD)
    station.bay.plug_in()
    assert (await csms.event(eventType="Started"))["reservationId"] == 22
    assert csms.calls("ReservationStatusUpdate") == []


async def test_tc_h_07_a_reservation_that_is_not_used_expires(csms: Csms, start: Start) -> None:
    """H04.FR.01, H04.FR.02, H04.FR.03, H01.FR.06."""
    await start()
    assert await reserve(csms, 31, for_s=1) == "Accepted"
    await told(csms, "Reserved", 1)
    assert await ended(csms) == (31, "Expired")
    await told(csms, "Available", 1)
    assert await cancel(csms, 31) == "Rejected"
    assert await reserve(csms, 32, for_s=-1) == "Rejected"


async def test_one_expires_while_the_station_is_off_or_offline(csms: Csms, start: Start) -> None:
    """H04.FR.01: told as soon as it can be; one that has not expired is kept over a power cut (H01.FR.03)."""
    station: StationUnderTest = await start(evses=2)
    await reserve(csms, 41, for_s=1)
    await reserve(csms, 42, evse=2)
    await told(csms, "Reserved", 1, 2)
    await station.cut_power()
    await csms.until(lambda: not csms.is_connected)
    end = datetime.now(UTC) + timedelta(seconds=1)
    await csms.until(lambda: datetime.now(UTC) > end)
    csms.forget()
    await station.power_on()
    assert await ended(csms) == (41, "Expired")
    await told(csms, "Available", 1)
    await told(csms, "Reserved", 2)
    await station.accepted(CARD)
    await told(csms, "Available", 2)


async def test_tc_h_17_tc_h_18_cancelling(csms: Csms, start: Start) -> None:
    """H02.FR.01, H02.FR.02, H02.FR.03, H02.FR.04: then anybody may charge there."""
    station: StationUnderTest = await start()
    await reserve(csms, 51)
    await told(csms, "Reserved", 1)
    assert await cancel(csms, 52) == "Rejected"
    assert await cancel(csms, 51) == "Accepted"
    await told(csms, "Available", 1)
    await charge(station, csms, OTHER_CARD)
    assert csms.calls("ReservationStatusUpdate") == []


async def test_tc_h_20_tc_h_21_one_is_lost_with_its_evse(csms: Csms, start: Start) -> None:
    """H01.FR.16, H01.FR.17: Faulted and Unavailable."""
    station: StationUnderTest = await start(evses=2)
    await reserve(csms, 61, evse=1)
    await reserve(csms, 62, evse=2)
    await csms.call("ChangeAvailability", {"operationalStatus": "Inoperative", "evse": {"id": 2}})
    assert await ended(csms) == (62, "Removed")
    station.bay.silence_controller(True)
    assert (await csms.expect("ReservationStatusUpdate")).payload["reservationId"] == 61


# any EVSE


async def test_tc_h_08_tc_h_14_any_evse(csms: Csms, start: Start) -> None:
    """H01.FR.07, H01.FR.09, H01.FR.20: Reserved once there are as many reservations as EVSEs.

    TC_H_10: no more than there are.
    """
    station: StationUnderTest = await start(evses=2)
    assert await reserve(csms, 71, evse=None) == "Accepted"
    await csms.nothing_more(0.2, "StatusNotification")
    assert await reserve(csms, 72, evse=None) == "Accepted"
    await told(csms, "Reserved", 1, 2)
    assert await reserve(csms, 73, evse=None) == "Occupied"
    assert not (await station.tap(OTHER_CARD, 1))["accepted"]
    await station.accepted(CARD, 2)
    await told(csms, "Available", 2)
    await plug_in(station, csms, 2)
    assert (await csms.event(eventType="Started"))["reservationId"] == 71
    await csms.nothing_more(0.2, "StatusNotification")


async def test_one_of_as_many_as_there_are_evses_is_cancelled(csms: Csms, start: Start) -> None:
    """H02.FR.05, H02.FR.06: every EVSE that was not named is Available again, to anybody."""
    station: StationUnderTest = await start(evses=2)
    for number in (78, 79):
        assert await reserve(csms, number, evse=None) == "Accepted"
    await told(csms, "Reserved", 1, 2)
    assert not (await station.tap(OTHER_CARD, 1))["accepted"]
    assert await cancel(csms, 78) == "Accepted"
    await told(csms, "Available", 1, 2)
    await station.accepted(OTHER_CARD, 1)


async def test_tc_h_09_every_evse_is_reserved(csms: Csms, start: Start) -> None:
    """None is left for a reservation of any EVSE."""
    await start(evses=2)
    assert [await reserve(csms, 74 + evse, evse=evse) for evse in (1, 2)] == ["Accepted", "Accepted"]
    assert await reserve(csms, 77, evse=None) == "Occupied"


async def test_tc_h_15_tc_h_16_a_type_of_connector(csms: Csms, start: Start) -> None:
    """H01.FR.24: Reserved once there are as many reservations of the type as connectors."""
    await start(evses=2)
    assert await reserve(csms, 81, evse=None, connectorType="cCCS2") == "Rejected"
    assert await reserve(csms, 82, evse=None, connectorType="cType2") == "Accepted"
    assert await reserve(csms, 83, evse=None, connectorType="cType2") == "Accepted"
    await told(csms, "Reserved", 1, 2)
    assert await cancel(csms, 82) == "Accepted"
    await told(csms, "Available", 1, 2)


async def test_tc_h_12_tc_h_24_any_evse_for_a_group(csms: Csms, start: Start) -> None:
    """H01.FR.14, H03.FR.04: Unavailable if every EVSE is; else whoever is of the group uses it."""
    group = {"groupIdToken": {"idToken": "Fleet", "type": "Central"}}
    csms.tokens |= {OTHER_CARD: {"status": "Accepted", **group}, THIRD_CARD: {"status": "Accepted"}}
    station: StationUnderTest = await start()
    await csms.call("ChangeAvailability", {"operationalStatus": "Inoperative"})
    await told(csms, "Unavailable", 1)
    assert await reserve(csms, 91, evse=None) == "Unavailable"
    await csms.call("ChangeAvailability", {"operationalStatus": "Operative"})
    await told(csms, "Available", 1)
    assert await reserve(csms, 91, evse=None, group="Fleet") == "Accepted"
    await told(csms, "Reserved", 1)
    assert not (await station.tap(THIRD_CARD))["accepted"]
    await station.accepted(OTHER_CARD)
    station.bay.plug_in()
    assert (await csms.event(eventType="Started"))["reservationId"] == 91
