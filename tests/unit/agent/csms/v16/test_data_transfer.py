from __future__ import annotations

from pathlib import Path
from typing import Any

from agent.csms.v16.data_transfer import handle, message, read
from agent.vendors.registry import Answer
from ocppj.messages import v16
from tests.unit.agent.csms.v201.handling import office

VENDOR = "org.example.vendor"


async def test_vendors_are_the_same_in_both_versions(tmp_path: Path) -> None:
    async def told(data: Any) -> Answer:
        return Answer(status="Accepted", data={"had": data})

    async with office(tmp_path) as backend:
        backend.vendors.register(VENDOR, "hello", told)
        known = await handle(
            v16.DataTransferRequest(vendor_id=VENDOR, message_id="hello", data="{}"), backend.context
        )
        unknown = await handle(v16.DataTransferRequest(vendor_id="org.example.other"), backend.context)
    assert known.response == v16.DataTransferResponse(status="Accepted", data='{"had": "{}"}')
    assert unknown.response == v16.DataTransferResponse(status="UnknownVendorId")


def test_data_goes_out_as_text() -> None:
    assert message(VENDOR, None, "as it is").data == "as it is"
    assert message(VENDOR, "n", {"a": 1}).data == '{"a": 1}'
    assert message(VENDOR, "n", None).data is None
    assert read(v16.DataTransferResponse(status="Rejected", data="no")) == Answer(
        status="Rejected", data="no"
    )
