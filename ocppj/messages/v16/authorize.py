"""Authorize of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v16
from ocppj.messages.fields import Payload
from ocppj.messages.v16.bounds import Str20


class AuthorizeRequest(Payload, frozen=True, kw_only=True):
    """Request of the Authorize action."""

    id_tag: Str20


class AuthorizeResponse(Payload, frozen=True, kw_only=True):
    """Response of the Authorize action."""

    id_tag_info: v16.IdTagInfo
