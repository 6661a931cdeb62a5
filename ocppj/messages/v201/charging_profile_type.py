"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import ItemsFrom1To3, Str36

ChargingProfileKindEnumType = Literal["Absolute", "Recurring", "Relative"]
RecurrencyKindEnumType = Literal["Daily", "Weekly"]


class ChargingProfileType(Payload, frozen=True, kw_only=True):
    """Part of ReportChargingProfilesRequest, RequestStartTransactionRequest and 1 more."""

    custom_data: Maybe[CustomDataType] = None
    id: Integer
    stack_level: Integer
    charging_profile_purpose: v201.ChargingProfilePurposeEnumType
    charging_profile_kind: ChargingProfileKindEnumType
    recurrency_kind: Maybe[RecurrencyKindEnumType] = None
    valid_from: Maybe[Timestamp] = None
    valid_to: Maybe[Timestamp] = None
    charging_schedule: Annotated[tuple[v201.ChargingScheduleType, ...], ItemsFrom1To3]
    transaction_id: Maybe[Str36] = None
