"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload

ChargingRateUnitEnumType = Literal["W", "A"]


class ChargingSchedulePeriodType(Payload, frozen=True, kw_only=True):
    """Part of GetCompositeScheduleResponse, NotifyChargingLimitRequest and 4 more."""

    custom_data: Maybe[CustomDataType] = None
    start_period: Integer
    limit: float
    number_phases: Maybe[Integer] = None
    phase_to_use: Maybe[Integer] = None
