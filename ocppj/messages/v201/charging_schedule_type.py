"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import IntFrom0, ItemsFrom1To3, ItemsFrom1To1024, Str32

CostKindEnumType = Literal[
    "CarbonDioxideEmission", "RelativePricePercentage", "RenewableGenerationPercentage"
]


class ChargingScheduleType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    custom_data: Maybe[CustomDataType] = None
    id: Integer
    start_schedule: Maybe[Timestamp] = None
    duration: Maybe[Integer] = None
    charging_rate_unit: v201.ChargingRateUnitEnumType
    charging_schedule_period: Annotated[tuple[v201.ChargingSchedulePeriodType, ...], ItemsFrom1To1024]
    min_charging_rate: Maybe[float] = None
    sales_tariff: Maybe[SalesTariffType] = None


class ConsumptionCostType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    custom_data: Maybe[CustomDataType] = None
    start_value: float
    cost: Annotated[tuple[CostType, ...], ItemsFrom1To3]


class CostType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    custom_data: Maybe[CustomDataType] = None
    cost_kind: CostKindEnumType
    amount: Integer
    amount_multiplier: Maybe[Integer] = None


class RelativeTimeIntervalType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    custom_data: Maybe[CustomDataType] = None
    start: Integer
    duration: Maybe[Integer] = None


class SalesTariffEntryType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    custom_data: Maybe[CustomDataType] = None
    relative_time_interval: RelativeTimeIntervalType
    e_price_level: Maybe[IntFrom0] = None
    consumption_cost: Maybe[Annotated[tuple[ConsumptionCostType, ...], ItemsFrom1To3]] = None


class SalesTariffType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    custom_data: Maybe[CustomDataType] = None
    id: Integer
    sales_tariff_description: Maybe[Str32] = None
    num_e_price_levels: Maybe[Integer] = None
    sales_tariff_entry: Annotated[tuple[SalesTariffEntryType, ...], ItemsFrom1To1024]
