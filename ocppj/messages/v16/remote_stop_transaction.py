"""RemoteStopTransaction of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v16
from ocppj.messages.fields import Integer, Payload


class RemoteStopTransactionRequest(Payload, frozen=True, kw_only=True):
    """Request of the RemoteStopTransaction action."""

    transaction_id: Integer


class RemoteStopTransactionResponse(Payload, frozen=True, kw_only=True):
    """Response of the RemoteStopTransaction action."""

    status: v16.RemoteStartStopStatus
