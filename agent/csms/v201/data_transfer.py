"""DataTransfer: what vendors agreed on besides OCPP, in both directions (P01, P02)."""

from __future__ import annotations

from typing import Any, cast

from agent.csms.dialect import Context, Reply
from agent.vendors.registry import Answer
from ocppj.messages import v201
from ocppj.messages.fields import Payload


async def handle(request: v201.DataTransferRequest, context: Context) -> Reply:
    """Answer as whoever understands the vendor's message does, or say that nobody does."""
    answer = await context.vendors.receive(request.vendor_id, request.message_id, request.data)
    info = None
    if answer.why is not None:
        info = v201.StatusInfoType(reason_code=_REASONS[answer.status], additional_info=answer.why[:512])
    return Reply(v201.DataTransferResponse(status=answer.status, data=answer.data, status_info=info))


def message(vendor_id: str, message_id: str | None, data: Any) -> v201.DataTransferRequest:
    """Return what a vendor's part of this station tells the backend."""
    return v201.DataTransferRequest(vendor_id=vendor_id, message_id=message_id, data=data)


def read(response: Payload) -> Answer:
    """Return what the backend answered."""
    answer = cast("v201.DataTransferResponse", response)
    why = None if answer.status_info is None else answer.status_info.additional_info
    return Answer(status=answer.status, data=answer.data, why=why)


_REASONS = {
    "Accepted": "NoError",
    "Rejected": "InvalidValue",
    "UnknownMessageId": "NotFound",
    "UnknownVendorId": "NotFound",
}
