"""Parts of messages of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import Str20

AuthorizationStatus = Literal["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"]


class IdTagInfo(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, SendLocalListRequest and 2 more."""

    expiry_date: Maybe[Timestamp] = None
    parent_id_tag: Maybe[Str20] = None
    status: AuthorizationStatus
