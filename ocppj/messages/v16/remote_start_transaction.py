"""RemoteStartTransaction of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v16
from ocppj.messages.fields import Integer, Maybe, Payload
from ocppj.messages.v16.bounds import Str20


class RemoteStartTransactionRequest(Payload, frozen=True, kw_only=True):
    """Request of the RemoteStartTransaction action."""

    connector_id: Maybe[Integer] = None
    id_tag: Str20
    charging_profile: Maybe[v16.ChargingProfile] = None


class RemoteStartTransactionResponse(Payload, frozen=True, kw_only=True):
    """Response of the RemoteStartTransaction action."""

    status: v16.RemoteStartStopStatus
