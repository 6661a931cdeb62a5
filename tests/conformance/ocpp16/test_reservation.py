"""Reservation: section 21 of the OCA's test cases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.sessions import asked, plug_in
from tests.conformance.ocpp16.test_availability import soon
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest


async def reserve(csms: Csms, connector: int = 1, **more: Any) -> str:
    request = {"connectorId": connector, "expiryDate": soon(), "idTag": CARD, "reservationId": 5}
    return await asked(csms, "ReserveNow", **request, **more)


async def test_tc_046_2_the_reserved_connector_is_started_remotely(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start()
    assert await reserve(csms) == "Accepted"
    await csms.expect("StatusNotification", on(1, "Reserved"))
    assert await asked(csms, "RemoteStartTransaction", idTag=CARD, connectorId=1) == "Accepted"
    await csms.expect("StatusNotification", on(1, "Preparing"))
    station.bay.plug_in()
    started = (await csms.expect("StartTransaction")).payload
    assert (started["reservationId"], started["idTag"]) == (5, CARD)


@pytest.mark.parametrize("connector", [0, 1])
async def test_tc_048_1_050_1_048_3_050_3_what_is_out_of_order(
    csms: Csms, start: Start, connector: int
) -> None:
    """Unavailable (TC_048_3, TC_050_3), then Faulted (TC_048_1, TC_050_1); connector 0 stands for all."""
    station: StationUnderTest = await start()
    assert await asked(csms, "ChangeAvailability", connectorId=1, type="Inoperative") == "Accepted"
    await csms.expect("StatusNotification", on(1, "Unavailable"))
    assert await reserve(csms, connector) == "Unavailable"
    station.bay.silence_controller(True)
    await csms.expect("StatusNotification", on(1, "Faulted"))
    assert await reserve(csms, connector) == "Faulted"


@pytest.mark.parametrize("connector", [0, 1])
async def test_tc_048_2_050_2_what_is_in_use(csms: Csms, start: Start, connector: int) -> None:
    """TC_048_2: the connector; TC_050_2: every connector of the charge point."""
    station: StationUnderTest = await start()
    await plug_in(station, csms)
    assert await reserve(csms, connector) == "Occupied"


async def test_tc_048_4_050_4_a_charge_point_that_takes_no_reservations(csms: Csms, start: Start) -> None:
    """TC_048_4, and of the charge point as a whole (TC_050_4)."""
    await start(ReservationCtrlr__Enabled=False)
    assert await reserve(csms, 1) == "Rejected"
    assert await reserve(csms, 0) == "Rejected"
    assert await reserve(csms, 7) == "Rejected"


async def test_tc_049_any_connector_is_kept(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start()
    assert await reserve(csms, 0) == "Accepted"
    await csms.expect("StatusNotification", on(1, "Reserved"))
    assert not (await station.tap(OTHER_CARD, 1))["accepted"]
    await station.accepted(CARD, 1)
    station.bay.plug_in()
    started = (await csms.expect("StartTransaction")).payload
    assert (started["connectorId"], started["reservationId"]) == (1, 5)


async def test_tc_051_052_cancelling_a_reservation(csms: Csms, start: Start) -> None:
    """TC_051: Accepted; TC_052: Rejected, there is none."""
    await start()
    assert await asked(csms, "CancelReservation", reservationId=5) == "Rejected"
    assert await reserve(csms) == "Accepted"
    await csms.expect("StatusNotification", on(1, "Reserved"))
    assert await asked(csms, "CancelReservation", reservationId=6) == "Rejected"
    assert await asked(csms, "CancelReservation", reservationId=5) == "Accepted"
    await csms.expect("StatusNotification", on(1))


@pytest.mark.parametrize("is_remote", [False, True])
async def test_tc_053_1_053_2_a_reservation_is_used_by_its_group(
    csms: Csms, start: Start, is_remote: bool
) -> None:
    """TC_053_1: with a card; TC_053_2: remotely."""
    csms.tokens[OTHER_CARD] = {"status": "Accepted", "parentIdTag": "FLEET"}
    station: StationUnderTest = await start(AuthCtrlr__AuthorizeRemoteStart=True)
    assert await reserve(csms, parentIdTag="FLEET") == "Accepted"
    await csms.expect("StatusNotification", on(1, "Reserved"))
    if is_remote:
        assert await asked(csms, "RemoteStartTransaction", idTag=OTHER_CARD, connectorId=1) == "Accepted"
    else:
        await station.accepted(OTHER_CARD)
    await csms.expect("StatusNotification", on(1, "Preparing"))
    station.bay.plug_in()
    started = (await csms.expect("StartTransaction")).payload
    assert (started["idTag"], started["reservationId"]) == (OTHER_CARD, 5)
