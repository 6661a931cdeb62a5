"""Parts of messages of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Maybe, Payload, Tenths, Timestamp

ChargingRateUnitType = Literal["A", "W"]


class ChargingSchedule(Payload, frozen=True, kw_only=True):
    """Part of GetCompositeScheduleResponse, RemoteStartTransactionRequest and 1 more."""

    duration: Maybe[Integer] = None
    start_schedule: Maybe[Timestamp] = None
    charging_rate_unit: ChargingRateUnitType
    charging_schedule_period: tuple[ChargingSchedulePeriod, ...]
    min_charging_rate: Maybe[Tenths] = None


class ChargingSchedulePeriod(Payload, frozen=True, kw_only=True):
    """Part of GetCompositeScheduleResponse, RemoteStartTransactionRequest and 1 more."""

    start_period: Integer
    limit: Tenths
    number_phases: Maybe[Integer] = None
