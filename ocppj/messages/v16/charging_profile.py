"""Parts of messages of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v16
from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp

ChargingProfileKindType = Literal["Absolute", "Recurring", "Relative"]
RecurrencyKindType = Literal["Daily", "Weekly"]


class ChargingProfile(Payload, frozen=True, kw_only=True):
    """Part of RemoteStartTransactionRequest, SetChargingProfileRequest."""

    charging_profile_id: Integer
    transaction_id: Maybe[Integer] = None
    stack_level: Integer
    charging_profile_purpose: v16.ChargingProfilePurposeType
    charging_profile_kind: ChargingProfileKindType
    recurrency_kind: Maybe[RecurrencyKindType] = None
    valid_from: Maybe[Timestamp] = None
    valid_to: Maybe[Timestamp] = None
    charging_schedule: v16.ChargingSchedule
