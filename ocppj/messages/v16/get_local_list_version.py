"""GetLocalListVersion of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import Integer, Payload


class GetLocalListVersionRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetLocalListVersion action."""


class GetLocalListVersionResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetLocalListVersion action."""

    list_version: Integer
