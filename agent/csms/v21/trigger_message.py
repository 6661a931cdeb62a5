"""TriggerMessage: what 2.1 adds, triggers of the station's own (F06)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from agent.csms.dialect import After, Context, Reply
from agent.csms.v201 import trigger_message
from agent.csms.v201.reasons import status_info
from ocppj.messages import v21, v201


async def handle(request: v21.TriggerMessageRequest, context: Context) -> Reply:
    """Accept what can be sent, as 2.0.1 does, and what CustomizationCtrlr.CustomTriggers announces."""
    if request.requested_message != "CustomTrigger":
        return await trigger_message.handle(cast("v201.TriggerMessageRequest", request), context)
    find = _CUSTOM.get(request.custom_trigger or "")
    if find is None:
        why = "CustomizationCtrlr.CustomTriggers says what can be asked for"
        return _reply("NotImplemented", why=why)
    after = find(context)
    return _reply("Rejected", why="there is nothing to tell") if after is None else _reply("Accepted", after)


def _limits(context: Context) -> After | None:
    """Have every limit from outside that is in force told again (K12)."""
    external = context.station.external
    return external.tell_again if external.in_force else None


_CUSTOM: Final[Mapping[str, Callable[[Context], After | None]]] = {"NotifyChargingLimit": _limits}


def _reply(status: v201.TriggerMessageStatusEnumType, after: After | None = None, why: str = "") -> Reply:
    info = status_info("NotFound", why)
    return Reply(v201.TriggerMessageResponse(status=status, status_info=info), after)
