"""DataTransfer: what vendors agreed on besides OCPP, in both directions (4.3, 5.6)."""

from __future__ import annotations

import json
from typing import Any, Final, cast

from agent.csms.dialect import Context, Handler, Reply
from agent.csms.v16 import costmsg, pnc
from agent.csms.v16.costmsg import receive as costs
from agent.csms.v16.pnc import receive as certificates
from agent.vendors.registry import Answer
from ocppj.messages import v16
from ocppj.messages.fields import Payload

_NOTES: Final[dict[str, Handler]] = {costmsg.VENDOR: costs.handle, pnc.VENDOR: certificates.handle}
"""What the OCA's application notes put into DataTransfer."""


async def handle(request: v16.DataTransferRequest, context: Context) -> Reply:
    """Answer as whoever understands the vendor's message does, or say that nobody does."""
    own = _NOTES.get(request.vendor_id.casefold())
    if own is not None:
        return await own(request, context)
    answer = await context.vendors.receive(request.vendor_id, request.message_id, request.data)
    return Reply(v16.DataTransferResponse(status=answer.status, data=_text(answer.data)))


def message(vendor_id: str, message_id: str | None, data: Any) -> v16.DataTransferRequest:
    """Return what a vendor's part of this station tells the backend."""
    return v16.DataTransferRequest(vendor_id=vendor_id, message_id=message_id, data=_text(data))


def read(response: Payload) -> Answer:
    """Return what the backend answered."""
    answer = cast("v16.DataTransferResponse", response)
    return Answer(status=answer.status, data=answer.data)


def _text(data: Any) -> str | None:
    """Return the data as this version carries it, which is text: anything else as its JSON."""
    return data if data is None or isinstance(data, str) else json.dumps(data)
