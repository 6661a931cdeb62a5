"""ChangeAvailability, UnlockConnector and the Reservation profile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.sessions import asked, charge, plug_in
from tests.conformance.station import CARD, OTHER_CARD


def soon(seconds: float = 60) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


async def test_a_connector_is_taken_out_of_service_over_a_restart(csms: Csms, start: Start) -> None:
    station = await start(evses=2)
    assert await asked(csms, "ChangeAvailability", connectorId=2, type="Inoperative") == "Accepted"
    await csms.expect("StatusNotification", on(2, "Unavailable"))
    await station.cut_power()
    await station.power_on()
    await csms.expect("StatusNotification", on(2, "Unavailable"))
    assert await asked(csms, "ChangeAvailability", connectorId=2, type="Operative") == "Accepted"
    await csms.expect("StatusNotification", on(2, "Available"))
    assert await asked(csms, "ChangeAvailability", connectorId=9, type="Operative") == "Rejected"


async def test_the_charge_point_goes_out_of_service_after_the_transaction(csms: Csms, start: Start) -> None:
    station = await start()
    await charge(station, csms)
    assert await asked(csms, "ChangeAvailability", connectorId=0, type="Inoperative") == "Scheduled"
    await csms.expect("StatusNotification", on(0, "Unavailable"))
    station.bay.unplug()
    await csms.expect("StopTransaction")
    await csms.expect("StatusNotification", on(1, "Unavailable"))


async def test_tc_046_1_a_reserved_connector_is_for_its_driver(csms: Csms, start: Start) -> None:
    station = await start()
    reservation = {"connectorId": 1, "expiryDate": soon(), "idTag": CARD, "reservationId": 5}
    assert await asked(csms, "ReserveNow", **reservation) == "Accepted"
    await csms.expect("StatusNotification", on(1, "Reserved"))
    assert not (await station.tap(OTHER_CARD))["accepted"]
    await station.accepted(CARD)
    station.bay.plug_in()
    assert (await csms.expect("StartTransaction")).payload["reservationId"] == 5


async def test_tc_047_a_reservation_expires(csms: Csms, start: Start) -> None:
    await start()
    reservation = {"connectorId": 1, "expiryDate": soon(1.5), "idTag": CARD, "reservationId": 5}
    assert await asked(csms, "ReserveNow", **reservation) == "Accepted"
    await csms.expect("StatusNotification", on(1, "Reserved"))
    await csms.expect("StatusNotification", on(1, "Available"))


async def test_tc_048_2_what_cannot_be_reserved(csms: Csms, start: Start) -> None:
    station = await start()
    await plug_in(station, csms)
    reservation = {"connectorId": 1, "expiryDate": soon(), "idTag": CARD, "reservationId": 5}
    assert await asked(csms, "ReserveNow", **reservation) == "Occupied"


async def test_tc_051_a_reservation_is_cancelled(csms: Csms, start: Start) -> None:
    await start()
    reservation = {"connectorId": 1, "expiryDate": soon(), "idTag": CARD, "reservationId": 5}
    await csms.call("ReserveNow", reservation)
    await csms.expect("StatusNotification", on(1, "Reserved"))
    assert await asked(csms, "CancelReservation", reservationId=5) == "Accepted"
    await csms.expect("StatusNotification", on(1, "Available"))
    assert await asked(csms, "CancelReservation", reservationId=5) == "Rejected"


async def test_tc_018_1_a_stuck_plug_is_let_go(csms: Csms, start: Start) -> None:
    station = await start(has_lock=True)
    await charge(station, csms)
    assert await asked(csms, "UnlockConnector", connectorId=1) == "Unlocked"
    assert (await csms.expect("StopTransaction")).payload["reason"] == "UnlockCommand"


async def test_there_is_nothing_to_unlock_at_a_cable_of_the_stations(csms: Csms, start: Start) -> None:
    await start()
    assert await asked(csms, "UnlockConnector", connectorId=1) == "NotSupported"
    assert await asked(csms, "UnlockConnector", connectorId=4) == "NotSupported"
