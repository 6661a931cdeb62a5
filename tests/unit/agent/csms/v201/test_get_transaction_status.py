from __future__ import annotations

from pathlib import Path

from agent.csms.v201.get_transaction_status import handle
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.station.test_station import ANNA


async def asked(office: Office, transaction_id: str | None) -> tuple[bool | None, bool]:
    request = v201.GetTransactionStatusRequest(transaction_id=transaction_id)
    response = (await handle(request, office.context)).response
    assert isinstance(response, v201.GetTransactionStatusResponse)
    return response.ongoing_indicator, response.messages_in_queue


async def test_what_runs_and_what_waits(tmp_path: Path) -> None:
    """E14.FR.01, E14.FR.02, E14.FR.04, E14.FR.06."""
    async with office(tmp_path) as backend:
        assert await asked(backend, "unknown") == (False, False)
        assert await asked(backend, None) == (None, False)
        await backend.place.plug(1)
        await backend.place.accepted(ANNA, 1)
        transaction = backend.place.station.evses[1].transaction_id
        assert await asked(backend, transaction) == (True, True)
        assert await asked(backend, None) == (None, True)
        await backend.place.database.write(lambda opened: opened.execute("DELETE FROM outbox"))
        assert await asked(backend, transaction) == (True, False)
        await backend.place.accepted(ANNA, 1)
        assert await asked(backend, transaction) == (False, True)
