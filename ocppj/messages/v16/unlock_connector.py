"""UnlockConnector of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Payload

UnlockStatus = Literal["Unlocked", "UnlockFailed", "NotSupported"]


class UnlockConnectorRequest(Payload, frozen=True, kw_only=True):
    """Request of the UnlockConnector action."""

    connector_id: Integer


class UnlockConnectorResponse(Payload, frozen=True, kw_only=True):
    """Response of the UnlockConnector action."""

    status: UnlockStatus
