"""Reset of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Payload

ResetStatus = Literal["Accepted", "Rejected"]
ResetType = Literal["Hard", "Soft"]


class ResetRequest(Payload, frozen=True, kw_only=True):
    """Request of the Reset action."""

    type: ResetType


class ResetResponse(Payload, frozen=True, kw_only=True):
    """Response of the Reset action."""

    status: ResetStatus
