from __future__ import annotations

from pathlib import Path
from typing import Any

from agent.csms.v201.data_transfer import handle
from agent.vendors.registry import Answer
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import office

VENDOR = "org.example.vendor"


async def test_a_vendor_that_is_known_answers_itself(tmp_path: Path) -> None:
    """P01.FR.06, P01.FR.07."""

    async def doubled(data: Any) -> Answer:
        if not isinstance(data, int):
            return Answer(status="Rejected", why="no number " * 100)
        return Answer(status="Accepted", data=2 * data)

    async with office(tmp_path) as backend:
        backend.vendors.register(VENDOR, "double", doubled)

        async def answer(message_id: str | None, data: Any) -> v201.DataTransferResponse:
            request = v201.DataTransferRequest(vendor_id=VENDOR, message_id=message_id, data=data)
            response = (await handle(request, backend.context)).response
            assert isinstance(response, v201.DataTransferResponse)
            return response

        assert await answer("double", 4) == v201.DataTransferResponse(status="Accepted", data=8)
        rejected = await answer("double", "four")
        assert rejected.status == "Rejected"
        assert rejected.status_info is not None
        assert len(rejected.status_info.additional_info or "") == 512
        assert (await answer("triple", 4)).status == "UnknownMessageId"
        assert (await answer(None, 4)).status == "UnknownMessageId"
