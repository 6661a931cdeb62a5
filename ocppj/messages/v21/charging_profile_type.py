"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1To3, Str36, Str256

ChargingProfileKindEnumType = Literal["Absolute", "Recurring", "Relative", "Dynamic"]
RecurrencyKindEnumType = Literal["Daily", "Weekly"]


class ChargingProfileType(Payload, frozen=True, kw_only=True):
    """Part of ReportChargingProfilesRequest, RequestStartTransactionRequest and 1 more."""

    id: Integer
    stack_level: IntFrom0
    charging_profile_purpose: v21.ChargingProfilePurposeEnumType
    charging_profile_kind: ChargingProfileKindEnumType
    recurrency_kind: Maybe[RecurrencyKindEnumType] = None
    valid_from: Maybe[Timestamp] = None
    valid_to: Maybe[Timestamp] = None
    transaction_id: Maybe[Str36] = None
    max_offline_duration: Maybe[Integer] = None
    charging_schedule: Annotated[tuple[v21.ChargingScheduleType, ...], ItemsFrom1To3]
    invalid_after_offline_duration: Maybe[bool] = None
    dyn_update_interval: Maybe[Integer] = None
    dyn_update_time: Maybe[Timestamp] = None
    price_schedule_signature: Maybe[Str256] = None
    custom_data: Maybe[CustomDataType] = None
