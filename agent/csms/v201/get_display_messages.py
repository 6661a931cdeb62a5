"""GetDisplayMessages: the backend asks which texts are set (O03, O04)."""

from __future__ import annotations

from collections.abc import Callable

from agent.csms.dialect import Context, Reply
from agent.csms.v201 import display_message
from agent.display.messages import Criteria, Message
from ocppj.messages import v201

MOST_IN_A_MESSAGE = 10
"""Of at most 512 characters each."""


async def handle(request: v201.GetDisplayMessagesRequest, context: Context) -> Reply:
    """Say whether there are any that match, and report them after the answer."""
    return await answer(request, context, display_message.message)


Write = Callable[[Message], v201.MessageInfoType]
"""What the version says of a message."""


async def answer(request: v201.GetDisplayMessagesRequest, context: Context, write: Write) -> Reply:
    """Report what matches as the version writes it."""
    found = await context.display.find(
        Criteria(
            ids=None if request.id is None else frozenset(request.id),
            priority=request.priority,
            state=request.state,
        )
    )
    if not found:
        return Reply(v201.GetDisplayMessagesResponse(status="Unknown"))

    async def report() -> None:
        for first in range(0, len(found), MOST_IN_A_MESSAGE):
            part = found[first : first + MOST_IN_A_MESSAGE]
            await context.backend.call(
                v201.NotifyDisplayMessagesRequest(
                    request_id=request.request_id,
                    tbc=first + MOST_IN_A_MESSAGE < len(found),
                    message_info=tuple(map(write, part)),
                )
            )

    return Reply(v201.GetDisplayMessagesResponse(status="Accepted"), report)
