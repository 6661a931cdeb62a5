from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.csms.dialect import Reply
from agent.csms.v201.request_start_transaction import handle
from agent.station.evse import Phase
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.station.test_station import ANNA

APP = v201.IdTokenType(id_token="APP", type="Central")


async def start(office: Office, evse_id: int | None = None, **more: Any) -> Reply:
    request = v201.RequestStartTransactionRequest(id_token=APP, remote_start_id=7, evse_id=evse_id, **more)
    return await handle(request, office.context)


def rejection(reply: Reply) -> str:
    assert isinstance(reply.response, v201.RequestStartTransactionResponse)
    assert reply.response.status == "Rejected"
    assert reply.response.status_info is not None
    assert reply.after is None
    return reply.response.status_info.reason_code


async def test_it_begins_after_the_answer(tmp_path: Path) -> None:
    """F01.FR.01, F02.FR.09."""
    async with office(tmp_path) as backend:
        reply = await start(backend, 1)
        assert reply.response == v201.RequestStartTransactionResponse(status="Accepted")
        assert backend.place.state(1).authorization is None
        await backend.carry_out(reply)
        driver = backend.place.state(1).authorization
    assert driver is not None
    assert (driver.token.id, driver.remote_start_id) == ("APP", 7)


async def test_the_transaction_that_waits_is_named(tmp_path: Path) -> None:
    """F01.FR.13."""
    async with office(tmp_path, TxCtrlr__TxStartPoint="EVConnected") as backend:
        await backend.place.plug(1)
        reply = await start(backend, 1)
        transaction = backend.place.state(1).transaction
    assert transaction is not None
    assert isinstance(reply.response, v201.RequestStartTransactionResponse)
    assert reply.response.transaction_id == transaction.id


async def test_without_an_evse_the_one_that_waits_is_taken(tmp_path: Path) -> None:
    """F01.FR.20; F01.FR.07 where it is not clear."""
    async with office(tmp_path) as backend:
        assert rejection(await start(backend)) == "Unspecified"
        await backend.place.plug(2)
        await backend.carry_out(await start(backend))
        assert backend.place.state(2).phase is Phase.POWERED


async def test_what_is_rejected(tmp_path: Path) -> None:
    """F01.FR.23, F01.FR.24, B02.FR.05."""
    async with office(tmp_path) as backend:
        assert rejection(await start(backend, 9)) == "UnknownEvse"
        assert rejection(await start(backend, 0)) == "UnknownEvse"
        await backend.place.accepted(ANNA, 1)
        assert rejection(await start(backend, 1)) == "TxInProgress"
        await backend.place.break_down(2)
        assert rejection(await start(backend, 2)) == "Unspecified"
        backend.is_registered = False
        assert rejection(await start(backend, 1)) == "CSNotAccepted"


def tx_profile(**members: Any) -> v201.ChargingProfileType:
    period = v201.ChargingSchedulePeriodType(start_period=0, limit=10.0)
    schedule = v201.ChargingScheduleType(id=1, charging_rate_unit="A", charging_schedule_period=(period,))
    defaults: dict[str, Any] = {
        "id": 1,
        "stack_level": 0,
        "charging_profile_purpose": "TxProfile",
        "charging_profile_kind": "Relative",
        "charging_schedule": (schedule,),
    }
    return v201.ChargingProfileType(**(defaults | members))


async def test_a_charging_profile_is_installed_for_the_transaction_it_starts(tmp_path: Path) -> None:
    """K05.FR.03: with TxStartPoint Authorized the transaction is there at once."""
    async with office(tmp_path, TxCtrlr__TxStartPoint="Authorized") as backend:
        await backend.carry_out(await start(backend, 1, charging_profile=tx_profile()))
        transaction = backend.place.state(1).transaction
        assert transaction is not None
        (installed,) = backend.place.limits.profiles
    assert (installed.evse_id, installed.transaction_id) == (1, transaction.id)


@pytest.mark.parametrize(
    "wrong",
    [
        tx_profile(charging_profile_purpose="TxDefaultProfile"),
        tx_profile(transaction_id="T-1"),
        tx_profile(charging_profile_kind="Absolute"),
    ],
    ids=["purpose", "transaction", "start"],
)
async def test_a_wrong_charging_profile_refuses_the_start(
    tmp_path: Path, wrong: v201.ChargingProfileType
) -> None:
    """K05.FR.02, F01.FR.26, F02.FR.27: nothing begins with a profile that cannot be obeyed."""
    async with office(tmp_path) as backend:
        assert rejection(await start(backend, 1, charging_profile=wrong)).startswith("Invalid")
        assert backend.place.state(1).authorization is None
        assert backend.place.limits.profiles == ()


async def test_a_group_that_comes_with_the_request(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        group = v201.IdTokenType(id_token="FAMILY", type="Central")
        await backend.carry_out(await start(backend, 1, group_id_token=group))
        driver = backend.place.state(1).authorization
    assert driver is not None
    assert driver.group_id == "FAMILY"
