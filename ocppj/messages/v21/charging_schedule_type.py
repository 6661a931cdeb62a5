"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import field

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import (
    IntFrom0,
    IntFrom0To100,
    ItemsFrom1To3,
    ItemsFrom1To5,
    ItemsFrom1To8,
    ItemsFrom1To10,
    ItemsFrom1To100,
    ItemsFrom1To1024,
    Str3,
    Str8,
    Str32,
    Str80,
    Str88,
    Str100,
    Str160,
    Str2000,
)

CostKindEnumType = Literal[
    "CarbonDioxideEmission", "RelativePricePercentage", "RenewableGenerationPercentage"
]


class AbsolutePriceScheduleType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    time_anchor: Timestamp
    price_schedule_id: IntFrom0 = field(name="priceScheduleID")
    price_schedule_description: Maybe[Str160] = None
    currency: Str3
    language: Str8
    price_algorithm: Str2000
    minimum_cost: Maybe[RationalNumberType] = None
    maximum_cost: Maybe[RationalNumberType] = None
    price_rule_stacks: Annotated[tuple[PriceRuleStackType, ...], ItemsFrom1To1024]
    tax_rules: Maybe[Annotated[tuple[TaxRuleType, ...], ItemsFrom1To10]] = None
    overstay_rule_list: Maybe[OverstayRuleListType] = None
    additional_selected_services: Maybe[
        Annotated[tuple[AdditionalSelectedServicesType, ...], ItemsFrom1To5]
    ] = None
    custom_data: Maybe[CustomDataType] = None


class AdditionalSelectedServicesType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    service_fee: RationalNumberType
    service_name: Str80
    custom_data: Maybe[CustomDataType] = None


class ChargingScheduleType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    id: Integer
    limit_at_soc: Maybe[LimitAtSoCType] = field(default=None, name="limitAtSoC")
    start_schedule: Maybe[Timestamp] = None
    duration: Maybe[Integer] = None
    charging_rate_unit: v21.ChargingRateUnitEnumType
    min_charging_rate: Maybe[float] = None
    power_tolerance: Maybe[float] = None
    signature_id: Maybe[IntFrom0] = None
    digest_value: Maybe[Str88] = None
    use_local_time: Maybe[bool] = None
    charging_schedule_period: Annotated[tuple[v21.ChargingSchedulePeriodType, ...], ItemsFrom1To1024]
    randomized_delay: Maybe[IntFrom0] = None
    sales_tariff: Maybe[SalesTariffType] = None
    absolute_price_schedule: Maybe[AbsolutePriceScheduleType] = None
    price_level_schedule: Maybe[PriceLevelScheduleType] = None
    custom_data: Maybe[CustomDataType] = None


class ConsumptionCostType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    start_value: float
    cost: Annotated[tuple[CostType, ...], ItemsFrom1To3]
    custom_data: Maybe[CustomDataType] = None


class CostType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    cost_kind: CostKindEnumType
    amount: Integer
    amount_multiplier: Maybe[Integer] = None
    custom_data: Maybe[CustomDataType] = None


class LimitAtSoCType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    soc: IntFrom0To100
    limit: float
    custom_data: Maybe[CustomDataType] = None


class OverstayRuleListType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    overstay_power_threshold: Maybe[RationalNumberType] = None
    overstay_rule: Annotated[tuple[OverstayRuleType, ...], ItemsFrom1To5]
    overstay_time_threshold: Maybe[Integer] = None
    custom_data: Maybe[CustomDataType] = None


class OverstayRuleType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    overstay_fee: RationalNumberType
    overstay_rule_description: Maybe[Str32] = None
    start_time: Integer
    overstay_fee_period: Integer
    custom_data: Maybe[CustomDataType] = None


class PriceLevelScheduleEntryType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    duration: Integer
    price_level: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class PriceLevelScheduleType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    price_level_schedule_entries: Annotated[tuple[PriceLevelScheduleEntryType, ...], ItemsFrom1To100]
    time_anchor: Timestamp
    price_schedule_id: IntFrom0
    price_schedule_description: Maybe[Str32] = None
    number_of_price_levels: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class PriceRuleStackType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    duration: Integer
    price_rule: Annotated[tuple[PriceRuleType, ...], ItemsFrom1To8]
    custom_data: Maybe[CustomDataType] = None


class PriceRuleType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    parking_fee_period: Maybe[Integer] = None
    carbon_dioxide_emission: Maybe[IntFrom0] = None
    renewable_generation_percentage: Maybe[IntFrom0To100] = None
    energy_fee: RationalNumberType
    parking_fee: Maybe[RationalNumberType] = None
    power_range_start: RationalNumberType
    custom_data: Maybe[CustomDataType] = None


class RationalNumberType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    exponent: Integer
    value: Integer
    custom_data: Maybe[CustomDataType] = None


class RelativeTimeIntervalType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    start: Integer
    duration: Maybe[Integer] = None
    custom_data: Maybe[CustomDataType] = None


class SalesTariffEntryType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    relative_time_interval: RelativeTimeIntervalType
    e_price_level: Maybe[IntFrom0] = None
    consumption_cost: Maybe[Annotated[tuple[ConsumptionCostType, ...], ItemsFrom1To3]] = None
    custom_data: Maybe[CustomDataType] = None


class SalesTariffType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    id: IntFrom0
    sales_tariff_description: Maybe[Str32] = None
    num_e_price_levels: Maybe[IntFrom0] = None
    sales_tariff_entry: Annotated[tuple[SalesTariffEntryType, ...], ItemsFrom1To1024]
    custom_data: Maybe[CustomDataType] = None


class TaxRuleType(Payload, frozen=True, kw_only=True):
    """Part of NotifyChargingLimitRequest, NotifyEVChargingScheduleRequest and 3 more."""

    tax_rule_id: IntFrom0 = field(name="taxRuleID")
    tax_rule_name: Maybe[Str100] = None
    tax_included_in_price: Maybe[bool] = None
    applies_to_energy_fee: bool
    applies_to_parking_fee: bool
    applies_to_overstay_fee: bool
    applies_to_minimum_maximum_cost: bool
    tax_rate: RationalNumberType
    custom_data: Maybe[CustomDataType] = None
