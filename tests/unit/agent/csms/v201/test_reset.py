from __future__ import annotations

from pathlib import Path

import pytest

from agent.csms.dialect import Reply
from agent.csms.v201.reset import handle
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.station.test_station import ANNA


async def reset(office: Office, kind: v201.ResetEnumType, evse_id: int | None = None) -> Reply:
    return await handle(v201.ResetRequest(type=kind, evse_id=evse_id), office.context)


def status(reply: Reply) -> str:
    assert isinstance(reply.response, v201.ResetResponse)
    return reply.response.status


async def test_an_idle_station_restarts_after_the_answer(tmp_path: Path) -> None:
    """B11.FR.01, B11.FR.03; TC_B_20_CS."""
    async with office(tmp_path) as backend:
        reply = await reset(backend, "OnIdle")
        assert status(reply) == "Accepted"
        assert backend.place.restarts == []
        await backend.carry_out(reply)
        assert backend.place.restarts == ["RemoteReset"]


async def test_a_busy_station_schedules_or_obeys(tmp_path: Path) -> None:
    """B12.FR.01, B12.FR.02."""
    async with office(tmp_path) as backend:
        await backend.place.plug(1)
        await backend.place.accepted(ANNA)
        assert status(await reset(backend, "OnIdle")) == "Scheduled"
        assert status(await reset(backend, "Immediate")) == "Accepted"


async def test_a_single_evse_is_reset(tmp_path: Path) -> None:
    """B11.FR.01; TC_B_25_CS."""
    async with office(tmp_path) as backend:
        reply = await reset(backend, "Immediate", 1)
        assert status(reply) == "Accepted"
        await backend.carry_out(reply)
        assert backend.place.restarts == []


@pytest.mark.parametrize(
    ("evse_id", "code"), [(1, "UnsupportedParam"), (3, "UnknownEvse"), (0, "UnknownEvse")]
)
async def test_an_evse_that_cannot_be_reset(tmp_path: Path, evse_id: int, code: str) -> None:
    """B11.FR.10, B12.FR.09: AllowReset is false, or there is no such EVSE; TC_B_28_CS."""
    async with office(tmp_path, EVSE__AllowReset="false") as backend:
        reply = await reset(backend, "Immediate", evse_id)
    assert status(reply) == "Rejected"
    assert isinstance(reply.response, v201.ResetResponse)
    assert reply.response.status_info is not None
    assert reply.response.status_info.reason_code == code
    assert reply.after is None
