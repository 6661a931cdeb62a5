"""StartTransaction of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v16
from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import Str20


class StartTransactionRequest(Payload, frozen=True, kw_only=True):
    """Request of the StartTransaction action."""

    connector_id: Integer
    id_tag: Str20
    meter_start: Integer
    reservation_id: Maybe[Integer] = None
    timestamp: Timestamp


class StartTransactionResponse(Payload, frozen=True, kw_only=True):
    """Response of the StartTransaction action."""

    id_tag_info: v16.IdTagInfo
    transaction_id: Integer
