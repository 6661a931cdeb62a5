"""ReserveNow of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp

ConnectorEnumType = Literal[
    "cCCS1",
    "cCCS2",
    "cG105",
    "cTesla",
    "cType1",
    "cType2",
    "s309-1P-16A",
    "s309-1P-32A",
    "s309-3P-16A",
    "s309-3P-32A",
    "sBS1361",
    "sCEE-7-7",
    "sType2",
    "sType3",
    "Other1PhMax16A",
    "Other1PhOver16A",
    "Other3Ph",
    "Pan",
    "wInductive",
    "wResonant",
    "Undetermined",
    "Unknown",
]
ReserveNowStatusEnumType = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]


class ReserveNowRequest(Payload, frozen=True, kw_only=True):
    """Request of the ReserveNow action."""

    custom_data: Maybe[CustomDataType] = None
    id: Integer
    expiry_date_time: Timestamp
    connector_type: Maybe[ConnectorEnumType] = None
    id_token: v201.IdTokenType
    evse_id: Maybe[Integer] = None
    group_id_token: Maybe[v201.IdTokenType] = None


class ReserveNowResponse(Payload, frozen=True, kw_only=True):
    """Response of the ReserveNow action."""

    custom_data: Maybe[CustomDataType] = None
    status: ReserveNowStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
