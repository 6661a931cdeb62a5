"""Display messages: what 2.1 adds, one text in several languages (O01, O03)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from msgspec.structs import replace as changed

from agent.csms.dialect import Context, Reply
from agent.csms.v21.carry import carried
from agent.csms.v201 import display_message, get_display_messages, set_display_message
from agent.display.messages import Message, Wording
from ocppj.messages import v21, v201

_UNKNOWN: Final = "Discharging"


async def set_message(request: v21.SetDisplayMessageRequest, context: Context) -> Reply:
    """Store a message with all its languages, or say why it is not shown."""
    if request.message.state == _UNKNOWN:
        why = "no vehicle feeds anything back here"
        info = v201.StatusInfoType(reason_code="UnsupportedParam", additional_info=why)
        return Reply(v201.SetDisplayMessageResponse(status="NotSupportedState", status_info=info))
    same = cast("v201.SetDisplayMessageRequest", request)
    plain = display_message.read(same.message, context.now())
    message = replace(plain, others=tuple(map(_wording, request.message.message_extra or ())))
    return await set_display_message.answer(same, message, context)


async def get_messages(request: v21.GetDisplayMessagesRequest, context: Context) -> Reply:
    """Report the messages that match, with all their languages."""
    same = cast("v201.GetDisplayMessagesRequest", request)
    return await get_display_messages.answer(same, context, _told)


def _wording(content: v21.MessageContentType) -> Wording:
    return Wording(text=content.content, format=content.format, language=content.language)


def _told(message: Message) -> v201.MessageInfoType:
    plain = carried(display_message.message(message), v21.MessageInfoType)
    others = tuple(
        v21.MessageContentType(format=one.format, language=one.language, content=one.text)
        for one in message.others
    )
    first = changed(plain.message, format=message.format)
    told = changed(plain, state=message.state, message=first, message_extra=others or None)
    return cast("v201.MessageInfoType", told)
