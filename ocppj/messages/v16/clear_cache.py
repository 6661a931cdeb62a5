"""ClearCache of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Payload

ClearCacheStatus = Literal["Accepted", "Rejected"]


class ClearCacheRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearCache action."""


class ClearCacheResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearCache action."""

    status: ClearCacheStatus
