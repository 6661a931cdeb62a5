"""SendLocalList: the operator says whom this station knows (OCPP 1.6, 5.15)."""

from __future__ import annotations

import logging

from agent.authorization.local_list import Update
from agent.csms.dialect import Context, Reply
from agent.csms.v16.authorize import token, verdict
from agent.store.database import StoreError
from agent.store.local_list import Entry
from ocppj.messages import v16

log = logging.getLogger(__name__)

_ITEMS = "LocalAuthListCtrlr.ItemsPerMessage"


async def handle(request: v16.SendLocalListRequest, context: Context) -> Reply:
    """Make the update as a whole, durably, or say that it was not made."""
    local_list = context.station.authorizer.local_list
    if not local_list.is_enabled:
        return _reply("NotSupported")
    entries = request.local_authorization_list or ()
    if len(entries) > context.station.settings.integer(_ITEMS):
        return _reply("Failed")
    try:
        refusal = await local_list.update(_update(request))
    except StoreError as error:
        log.error("local list not changed: %s", error)
        return _reply("Failed")
    if refusal is None:
        return _reply("Accepted")
    log.warning("local list not changed: %s", refusal.why)
    return _reply("VersionMismatch" if refusal.is_mismatch else "Failed")


def _reply(status: v16.UpdateStatus) -> Reply:
    return Reply(v16.SendLocalListResponse(status=status))


def _update(request: v16.SendLocalListRequest) -> Update:
    return Update(
        version=request.list_version,
        is_full=request.update_type == "Full",
        entries=tuple(
            Entry(
                token=token(one.id_tag),
                verdict=None if one.id_tag_info is None else verdict(one.id_tag_info),
            )
            for one in request.local_authorization_list or ()
        ),
    )
