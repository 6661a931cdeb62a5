"""Remote operations: the caller gets what the charger said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.csms.errors import StationOffline, StationRefused
from backend.csms.registry import Caller
from backend.csms.v201.commands.get_base_report import get_base_report
from backend.csms.v201.commands.get_variables import get_variables
from backend.csms.v201.commands.reset import reset
from backend.csms.v201.commands.set_variables import set_variables
from backend.csms.v201.commands.trigger_message import trigger_message
from backend.db.engine import Database
from backend.db.tables import remote_starts
from ocppj.messages import v201
from ocppj.messages.fields import Payload
from tests.unit.backend.csms.servers import csms
from tests.unit.backend.databases import fresh_url
from tests.unit.backend.running import Backend, Charger, Refused, backend, charger, transaction_event

START = "charging-stations/CS-1/evses/1/start"
TOKEN = {"id_token": "APP-7", "type": "Central"}


@asynccontextmanager
async def serving(running: Backend, identity: str = "CS-1", **answers: Any) -> AsyncIterator[Charger]:
    async with charger(running, identity) as station:
        station.answers = answers
        task = asyncio.create_task(station.serve())
        try:
            yield station
        finally:
            task.cancel()
            await asyncio.wait([task])


async def requests(running: Backend) -> list[Any]:
    return list(await running.database.read(lambda db: db.execute(select(remote_starts)).all()))


async def test_start_says_what_the_charger_said(running: Backend) -> None:
    """F02, TC_F_03."""
    async with serving(running, RequestStartTransaction={"status": "Accepted"}) as station:
        answer = await running.request("POST", START, json=TOKEN)
    assert answer.status_code == 200
    assert answer.json()["status"] == "Accepted"
    [row] = await requests(running)
    assert (row.evse_id, row.id_token, row.status) == (1, "APP-7", "Accepted")
    assert station.asked == [
        (
            "RequestStartTransaction",
            {
                "evseId": 1,
                "idToken": {"idToken": "APP-7", "type": "Central"},
                "remoteStartId": row.id,
            },
        )
    ]


async def test_a_rejected_start_is_told_with_its_reason_and_authorizes_nobody(running: Backend) -> None:
    said = {"status": "Rejected", "statusInfo": {"reasonCode": "NotEnabled", "additionalInfo": "faulted"}}
    async with serving(running, RequestStartTransaction=said):
        answer = await running.request("POST", START, json=TOKEN)
    assert answer.status_code == 409
    assert "Rejected (NotEnabled: faulted)" in answer.json()["detail"]
    async with charger(running) as station:
        info = await station.call("Authorize", {"idToken": {"idToken": "APP-7", "type": "Central"}})
    assert info["idTokenInfo"]["status"] == "Unknown"


async def test_the_identifier_of_a_remote_start_is_accepted_from_that_station(running: Backend) -> None:
    """C05, F01.FR.01: the transaction that follows is linked to the request."""
    async with serving(running, RequestStartTransaction={"status": "Accepted"}):
        number = (await running.request("POST", START, json=TOKEN)).json()["remote_start_id"]
    event = transaction_event(
        0, idToken={"idToken": "APP-7", "type": "Central"}, info={"remoteStartId": number}
    )
    async with charger(running) as station:
        answer = await station.call("TransactionEvent", event)
    assert answer["idTokenInfo"]["status"] == "Accepted"
    [row] = await requests(running)
    assert row.transaction_id == "T-1"


async def test_an_offline_station_is_409_and_nothing_is_remembered(running: Backend) -> None:
    answer = await running.request("POST", START, json=TOKEN)
    assert answer.status_code == 409
    assert await requests(running) == []


async def test_a_silent_station_is_504_and_may_have_obeyed(tmp_path: Path) -> None:
    async with (
        fresh_url("sqlite", tmp_path) as url,
        backend(url, tmp_path, "call_timeout_s = 1") as running,
    ):
        await running.add_station("CS-1")
        async with serving(running):
            answer = await running.request("POST", START, json=TOKEN)
        assert answer.status_code == 504
        [row] = await requests(running)
        assert row.status == "Unanswered"


async def test_a_connection_that_ends_before_the_answer_is_504(running: Backend) -> None:
    async with charger(running) as station:
        asking = asyncio.create_task(running.request("POST", START, json=TOKEN))
        await station.socket.recv()
    assert (await asking).status_code == 504


async def test_an_error_from_the_station_is_409_with_what_it_said(running: Backend) -> None:
    async with charger(running) as station:
        asking = asyncio.create_task(running.request("POST", START, json=TOKEN))
        message = json.loads(await station.socket.recv())
        await station.send([4, message[1], "NotSupported", "no remote start", {}])
        answer = await asking
    assert answer.status_code == 409
    assert "NotSupported" in answer.text


async def test_stop_asks_for_the_transaction_of_the_session(running: Backend) -> None:
    """F03."""
    async with charger(running) as station:
        await station.call("TransactionEvent", transaction_event(0, transaction_id="T-9"))
        [session] = (await running.get("sessions"))["items"]
    async with serving(running, RequestStopTransaction={"status": "Accepted"}) as station:
        answer = await running.request("POST", f"sessions/{session['id']}/stop")
    assert answer.json()["status"] == "Accepted"
    assert station.asked == [("RequestStopTransaction", {"transactionId": "T-9"})]


async def test_calls_wait_for_each_other_and_each_gets_its_own_answer(running: Backend) -> None:
    """OCPP 2.0.1 part 4, section 4.1.1: one call at a time in each direction."""
    async with serving(running, RequestStartTransaction={"status": "Accepted"}) as station:
        answers = await asyncio.gather(*(running.request("POST", START, json=TOKEN) for _ in range(5)))
    assert {answer.json()["status"] for answer in answers} == {"Accepted"}
    numbers = [payload["remoteStartId"] for _, payload in station.asked]
    assert sorted(numbers) == sorted(answer.json()["remote_start_id"] for answer in answers)


class Scripted:
    """A station that answers from a table."""

    identity = "CS-1"

    def __init__(self, response: Payload) -> None:
        self.response = response
        self.requests: list[Payload] = []
        self.expected: list[str] = []

    async def call(self, request: Payload, *, timeout_s: float | None = None) -> Payload:
        del timeout_s
        self.requests.append(request)
        return self.response

    def expect(self, action: str) -> None:
        self.expected.append(action)


async def test_commands_send_what_they_are_called_after() -> None:
    component = v201.ComponentType(name="OCPPCommCtrlr")
    variable = v201.VariableType(name="HeartbeatInterval")
    got = v201.GetVariableResultType(
        attribute_status="Accepted", attribute_value="300", component=component, variable=variable
    )
    station = Scripted(v201.GetVariablesResponse(get_variable_result=(got,)))
    wanted = v201.GetVariableDataType(component=component, variable=variable)
    assert await get_variables(station, [wanted]) == (got,)
    assert station.requests == [v201.GetVariablesRequest(get_variable_data=(wanted,))]

    put = v201.SetVariableResultType(
        attribute_status="RebootRequired", component=component, variable=variable
    )
    station = Scripted(v201.SetVariablesResponse(set_variable_result=(put,)))
    change = v201.SetVariableDataType(attribute_value="60", component=component, variable=variable)
    assert await set_variables(station, [change]) == (put,)
    assert station.requests == [v201.SetVariablesRequest(set_variable_data=(change,))]

    station = Scripted(v201.ResetResponse(status="Scheduled"))
    assert (await reset(station, evse_id=2)).status == "Scheduled"
    assert station.requests == [v201.ResetRequest(type="OnIdle", evse_id=2)]

    station = Scripted(v201.GetBaseReportResponse(status="Accepted"))
    assert (await get_base_report(station, 7)).status == "Accepted"
    assert station.requests == [v201.GetBaseReportRequest(request_id=7, report_base="FullInventory")]
    assert station.expected == ["NotifyReport"]

    station = Scripted(v201.TriggerMessageResponse(status="Accepted"))
    assert (await trigger_message(station, "SignV2GCertificate", evse_id=1)).status == "Accepted"
    assert station.expected == ["SignCertificate"]
    evse = v201.EVSEType(id=1)
    assert station.requests == [v201.TriggerMessageRequest(requested_message="SignV2GCertificate", evse=evse)]


async def test_an_answer_of_another_kind_is_no_answer() -> None:
    station: Caller = Scripted(v201.ResetResponse(status="Accepted"))
    with pytest.raises(StationRefused, match="answered with ResetResponse"):
        await trigger_message(station, "Heartbeat")


async def test_a_pending_station_may_send_what_it_is_asked_for(sqlite: Database) -> None:
    """B02.FR.09, TC_B_30: a report that was asked for is taken from a station that is not accepted yet."""
    report = {"requestId": 1, "generatedAt": "2026-03-11T09:00:00Z", "seqNo": 0}
    async with csms(sqlite) as (running, registry):
        await running.add_station("CS-2", registration="Pending")
        async with charger(running, "CS-2", boots=False) as station:
            assert (await station.boot())["status"] == "Pending"
            with pytest.raises(Refused, match="SecurityError"):
                await station.call("NotifyReport", report)
            station.answers = {"GetBaseReport": {"status": "Accepted"}}
            asking = asyncio.create_task(get_base_report(registry.get("CS-2"), 1))
            await asyncio.sleep(0)
            assert await station.call("NotifyReport", report) == {}
            assert (await asking).status == "Accepted"
            with pytest.raises(Refused, match="SecurityError"):
                await station.call("Heartbeat", {})


async def test_a_station_that_is_gone_is_offline(sqlite: Database) -> None:
    async with csms(sqlite) as (_, registry):
        with pytest.raises(StationOffline, match="CS-1: not connected"):
            registry.get("CS-1")
