from __future__ import annotations

from pathlib import Path

from agent.csms.dialect import Reply
from agent.csms.v201.request_stop_transaction import handle
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.station.test_station import ANNA


async def stop(office: Office, transaction_id: str) -> Reply:
    return await handle(v201.RequestStopTransactionRequest(transaction_id=transaction_id), office.context)


def rejection(reply: Reply) -> str:
    assert isinstance(reply.response, v201.RequestStopTransactionResponse)
    assert reply.response.status == "Rejected"
    assert reply.response.status_info is not None
    return reply.response.status_info.reason_code


async def test_a_transaction_that_runs_here_is_stopped_after_the_answer(tmp_path: Path) -> None:
    """F03.FR.03, F03.FR.07."""
    async with office(tmp_path) as backend:
        await backend.place.plug(1)
        await backend.place.accepted(ANNA)
        transaction = backend.place.state(1).transaction
        assert transaction is not None
        backend.is_registered = False
        assert rejection(await stop(backend, transaction.id)) == "CSNotAccepted", "B02.FR.05"
        backend.is_registered = True
        reply = await stop(backend, transaction.id)
        assert reply.response == v201.RequestStopTransactionResponse(status="Accepted")
        assert backend.place.state(1).transaction is not None
        await backend.carry_out(reply)
        assert backend.place.state(1).transaction is None


async def test_any_other_is_rejected(tmp_path: Path) -> None:
    """F03.FR.08."""
    async with office(tmp_path) as backend:
        assert rejection(await stop(backend, "nobody's")) == "TxNotFound"
