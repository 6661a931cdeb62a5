"""SendLocalList: the operator says whom this station knows (D01)."""

from __future__ import annotations

import logging

from agent.authorization.local_list import Refusal, Update
from agent.csms.dialect import Context, Reply
from agent.csms.v201.authorize import token, verdict
from agent.store.database import StoreError
from agent.store.local_list import Entry
from ocppj.codec import encode
from ocppj.messages import v201

log = logging.getLogger(__name__)

_ITEMS = "LocalAuthListCtrlr.ItemsPerMessage"
_BYTES = "LocalAuthListCtrlr.BytesPerMessage"


async def handle(request: v201.SendLocalListRequest, context: Context) -> Reply:
    """Make the update as a whole, durably, or say why not."""
    refusal = _too_large(request, context)
    if refusal is None:
        try:
            refusal = await context.station.authorizer.local_list.update(_update(request))
        except StoreError as error:
            log.error("local list not changed: %s", error)
            refusal = Refusal(reason="InternalError", why="it cannot be stored")
    if refusal is None:
        return Reply(v201.SendLocalListResponse(status="Accepted"))
    info = v201.StatusInfoType(reason_code=refusal.reason, additional_info=refusal.why[:512])
    status: v201.SendLocalListStatusEnumType = "VersionMismatch" if refusal.is_mismatch else "Failed"
    return Reply(v201.SendLocalListResponse(status=status, status_info=info))


def _too_large(request: v201.SendLocalListRequest, context: Context) -> Refusal | None:
    """Hold the message against the limits that the device model announces (D01.FR.11)."""
    settings = context.station.settings
    items, most_bytes = settings.integer(_ITEMS), settings.integer(_BYTES)
    if len(request.local_authorization_list or ()) > items:
        return Refusal(reason="TooManyElements", why=f"at most {items} entries per message")
    if len(encode(request)) > most_bytes:
        return Refusal(reason="TooLargeElement", why=f"at most {most_bytes} bytes per message")
    return None


def _update(request: v201.SendLocalListRequest) -> Update:
    return Update(
        version=request.version_number,
        is_full=request.update_type == "Full",
        entries=tuple(
            Entry(
                token=token(one.id_token),
                verdict=None if one.id_token_info is None else verdict(one.id_token_info),
            )
            for one in request.local_authorization_list or ()
        ),
    )
