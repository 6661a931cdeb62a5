"""SetDisplayMessage: the backend has drivers shown a text (O01, O02), or another one instead (O06)."""

from __future__ import annotations

import logging
from typing import cast

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import display_message
from agent.display.messages import Message
from agent.store.database import StoreError
from ocppj.messages import v201

log = logging.getLogger(__name__)


async def handle(request: v201.SetDisplayMessageRequest, context: Context) -> Reply:
    """Store the message, or say why it is not shown."""
    return await answer(request, display_message.read(request.message, context.now()), context)


async def answer(request: v201.SetDisplayMessageRequest, message: Message, context: Context) -> Reply:
    """Store what was read from the request."""
    if not _is_display(request.message.display):
        return _refused("Rejected", "NotFound", "no such display: they are called Display")
    try:
        refusal = await context.display.set(message)
    except StoreError as error:
        log.error("display message %d not stored: %s", request.message.id, error)
        return _refused("Rejected", "InternalError", "it cannot be stored")
    if refusal is not None:
        return _refused(
            cast("v201.DisplayMessageStatusEnumType", refusal.status), refusal.reason, refusal.why
        )
    return Reply(v201.SetDisplayMessageResponse(status="Accepted"))


def _is_display(component: v201.ComponentType | None) -> bool:
    return component is None or (component.name.casefold() == "display" and not component.instance)


def _refused(status: v201.DisplayMessageStatusEnumType, reason: str, why: str) -> Reply:
    info = v201.StatusInfoType(reason_code=reason, additional_info=why[:512])
    return Reply(v201.SetDisplayMessageResponse(status=status, status_info=info))
