from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from agent.csms.v201 import cost_updated
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import office
from tests.unit.agent.station.test_station import ANNA


async def test_a_cost_is_that_of_a_running_transaction_or_nobodys(tmp_path: Path) -> None:
    """I02.FR.02."""
    async with office(tmp_path) as backend:
        await backend.place.plug(1)
        assert await backend.place.accepted(ANNA, 1) == 1
        running = backend.place.state(1).transaction
        assert running is not None
        for transaction_id, total in (("another", "9.99"), (running.id, "1.230")):
            request = v201.CostUpdatedRequest(transaction_id=transaction_id, total_cost=Decimal(total))
            reply = await cost_updated.handle(request, backend.context)
            assert reply.response == v201.CostUpdatedResponse()
        known = backend.place.station.costs.at(1)
        assert known is not None
        assert (known.transaction_id, str(known.total), known.is_final) == (running.id, "1.230", False)
