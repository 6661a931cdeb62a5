from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from agent.csms.dialect import Reply
from agent.csms.v201 import cancel_reservation, reservation_status_update
from agent.csms.v201.reserve_now import handle
from agent.reservations.service import ReservationEnded
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.station.test_station import ANNA

CARD = v201.IdTokenType(id_token=ANNA.id, type="ISO14443")


async def reserve(office: Office, evse_id: int | None = None, **more: Any) -> Reply:
    request = v201.ReserveNowRequest(
        id=4,
        expiry_date_time=office.place.clock.now() + timedelta(minutes=1),
        id_token=CARD,
        evse_id=evse_id,
        **more,
    )
    return await handle(request, office.context)


async def test_it_is_carried_out_after_the_answer(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        reply = await reserve(backend, 2, group_id_token=v201.IdTokenType(id_token="G", type="Central"))
        assert reply.response == v201.ReserveNowResponse(status="Accepted")
        (one,) = backend.place.station.reservations.book
        assert (one.id, one.token, one.group_id, one.evse_id) == (4, ANNA, "G", 2)
        assert not backend.place.state(2).is_reserved
        await backend.carry_out(reply)
        assert backend.place.state(2).is_reserved


async def test_what_is_not_accepted_changes_nothing(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        await backend.place.plug(1)
        reply = await reserve(backend, 1)
        assert (reply.response, reply.after) == (v201.ReserveNowResponse(status="Occupied"), None)
        reply = await reserve(backend, 9)
        assert isinstance(reply.response, v201.ReserveNowResponse)
        assert reply.response.status_info is not None
        assert reply.response.status_info.reason_code == "UnknownEvse"
        reply = await reserve(backend, connector_type="cChaoJi")
        assert reply.response == v201.ReserveNowResponse(status="Rejected")
        (tmp_path / "agent.db").unlink()
        reply = await reserve(backend, 2)
        assert isinstance(reply.response, v201.ReserveNowResponse)
        assert reply.response.status == "Rejected"
        assert backend.place.station.reservations.book == ()


async def test_cancelling(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        await backend.carry_out(await reserve(backend, 2))
        reply = await cancel(backend, 5)
        assert (reply.response, reply.after) == (v201.CancelReservationResponse(status="Rejected"), None)
        reply = await cancel(backend, 4)
        assert reply.response == v201.CancelReservationResponse(status="Accepted")
        await backend.carry_out(reply)
        assert not backend.place.state(2).is_reserved


async def test_a_cancellation_that_cannot_be_stored_is_refused(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        await reserve(backend, 2)
        (tmp_path / "agent.db").unlink()
        reply = await cancel(backend, 4)
        assert reply.response == v201.CancelReservationResponse(status="Rejected")
        assert len(backend.place.station.reservations.book) == 1


async def cancel(office: Office, number: int) -> Reply:
    request = v201.CancelReservationRequest(reservation_id=number)
    return await cancel_reservation.handle(request, office.context)


def test_the_end_of_one_is_told() -> None:
    assert reservation_status_update.message(
        ReservationEnded(reservation_id=4, why="Expired")
    ) == v201.ReservationStatusUpdateRequest(reservation_id=4, reservation_update_status="Expired")
