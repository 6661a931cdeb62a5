"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import Amount, CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import (
    ItemsFrom1,
    ItemsFrom1To5,
    ItemsFrom1To7,
    ItemsFrom1To10,
    Str3,
    Str20,
    Str60,
)

DayOfWeekEnumType = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
EvseKindEnumType = Literal["AC", "DC"]


class TariffConditionsFixedType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 1 more."""

    start_time_of_day: Maybe[str] = None
    end_time_of_day: Maybe[str] = None
    day_of_week: Maybe[Annotated[tuple[DayOfWeekEnumType, ...], ItemsFrom1To7]] = None
    valid_from_date: Maybe[str] = None
    valid_to_date: Maybe[str] = None
    evse_kind: Maybe[EvseKindEnumType] = None
    payment_brand: Maybe[Str20] = None
    payment_recognition: Maybe[Str20] = None
    custom_data: Maybe[CustomDataType] = None


class TariffConditionsType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 1 more."""

    start_time_of_day: Maybe[str] = None
    end_time_of_day: Maybe[str] = None
    day_of_week: Maybe[Annotated[tuple[DayOfWeekEnumType, ...], ItemsFrom1To7]] = None
    valid_from_date: Maybe[str] = None
    valid_to_date: Maybe[str] = None
    evse_kind: Maybe[EvseKindEnumType] = None
    min_energy: Maybe[float] = None
    max_energy: Maybe[float] = None
    min_current: Maybe[float] = None
    max_current: Maybe[float] = None
    min_power: Maybe[float] = None
    max_power: Maybe[float] = None
    min_time: Maybe[Integer] = None
    max_time: Maybe[Integer] = None
    min_charging_time: Maybe[Integer] = None
    max_charging_time: Maybe[Integer] = None
    min_idle_time: Maybe[Integer] = None
    max_idle_time: Maybe[Integer] = None
    custom_data: Maybe[CustomDataType] = None


class TariffEnergyPriceType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 1 more."""

    price_kwh: Amount
    conditions: Maybe[TariffConditionsType] = None
    custom_data: Maybe[CustomDataType] = None


class TariffEnergyType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 1 more."""

    prices: Annotated[tuple[TariffEnergyPriceType, ...], ItemsFrom1]
    tax_rates: Maybe[Annotated[tuple[v21.TaxRateType, ...], ItemsFrom1To5]] = None
    custom_data: Maybe[CustomDataType] = None


class TariffFixedPriceType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 1 more."""

    conditions: Maybe[TariffConditionsFixedType] = None
    price_fixed: Amount
    custom_data: Maybe[CustomDataType] = None


class TariffFixedType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 1 more."""

    prices: Annotated[tuple[TariffFixedPriceType, ...], ItemsFrom1]
    tax_rates: Maybe[Annotated[tuple[v21.TaxRateType, ...], ItemsFrom1To5]] = None
    custom_data: Maybe[CustomDataType] = None


class TariffTimePriceType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 1 more."""

    price_minute: Amount
    conditions: Maybe[TariffConditionsType] = None
    custom_data: Maybe[CustomDataType] = None


class TariffTimeType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 1 more."""

    prices: Annotated[tuple[TariffTimePriceType, ...], ItemsFrom1]
    tax_rates: Maybe[Annotated[tuple[v21.TaxRateType, ...], ItemsFrom1To5]] = None
    custom_data: Maybe[CustomDataType] = None


class TariffType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 1 more."""

    tariff_id: Str60
    description: Maybe[Annotated[tuple[v21.MessageContentType, ...], ItemsFrom1To10]] = None
    currency: Str3
    energy: Maybe[TariffEnergyType] = None
    valid_from: Maybe[Timestamp] = None
    charging_time: Maybe[TariffTimeType] = None
    idle_time: Maybe[TariffTimeType] = None
    fixed_fee: Maybe[TariffFixedType] = None
    reservation_time: Maybe[TariffTimeType] = None
    reservation_fixed: Maybe[TariffFixedType] = None
    min_cost: Maybe[v21.PriceType] = None
    max_cost: Maybe[v21.PriceType] = None
    custom_data: Maybe[CustomDataType] = None
