"""ReserveNow of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, Str20

ReserveNowStatusEnumType = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]


class ReserveNowRequest(Payload, frozen=True, kw_only=True):
    """Request of the ReserveNow action."""

    id: IntFrom0
    expiry_date_time: Timestamp
    connector_type: Maybe[Str20] = None
    id_token: v21.IdTokenType
    evse_id: Maybe[IntFrom0] = None
    group_id_token: Maybe[v21.IdTokenType] = None
    custom_data: Maybe[CustomDataType] = None


class ReserveNowResponse(Payload, frozen=True, kw_only=True):
    """Response of the ReserveNow action."""

    status: ReserveNowStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
