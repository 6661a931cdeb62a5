from __future__ import annotations

from pathlib import Path
from typing import Literal

from agent.csms.dialect import Reply
from agent.csms.v201.change_availability import handle
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.station.test_station import ANNA


async def change(
    office: Office, status: Literal["Operative", "Inoperative"], evse: v201.EVSEType | None = None
) -> Reply:
    return await handle(v201.ChangeAvailabilityRequest(operational_status=status, evse=evse), office.context)


def status_of(reply: Reply) -> tuple[str, str | None]:
    assert isinstance(reply.response, v201.ChangeAvailabilityResponse)
    info = reply.response.status_info
    return reply.response.status, None if info is None else info.reason_code


async def test_it_is_carried_out_after_the_answer(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        reply = await change(backend, "Inoperative", v201.EVSEType(id=2, connector_id=1))
        assert status_of(reply) == ("Accepted", None)
        assert not backend.place.state(2).is_closed
        await backend.carry_out(reply)
        assert backend.place.state(2).is_closed
        assert not backend.place.state(1).is_closed
        await backend.carry_out(await change(backend, "Operative", v201.EVSEType(id=2, connector_id=1)))
        assert not backend.place.state(2).is_closed


async def test_who_charges_comes_first(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        await backend.place.plug(1)
        await backend.place.accepted(ANNA, 1)
        assert status_of(await change(backend, "Inoperative")) == ("Scheduled", None)
        assert status_of(await change(backend, "Operative")) == ("Accepted", None)
        assert status_of(await change(backend, "Inoperative", v201.EVSEType(id=2))) == ("Accepted", None)


async def test_places_that_are_not_there(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        reply = await change(backend, "Inoperative", v201.EVSEType(id=3))
        assert status_of(reply) == ("Rejected", "UnknownEvse")
        reply = await change(backend, "Inoperative", v201.EVSEType(id=1, connector_id=2))
        assert (status_of(reply), reply.after) == (("Rejected", "UnknownConnectorId"), None)


async def test_what_cannot_be_stored_is_refused(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        (tmp_path / "agent.db").unlink()
        assert status_of(await change(backend, "Inoperative")) == ("Rejected", "InternalError")
