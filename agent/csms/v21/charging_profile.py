"""Charging profiles between OCPP 2.1 and the station's own records."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, cast

import msgspec

from agent.csms.v21.carry import carry
from agent.csms.v201 import charging_profile, sales_tariff
from agent.smartcharging.profiles import Period, Profile, Schedule, SocLimit
from agent.smartcharging.tariffs import PriceOffer
from ocppj.messages import v21, v201

V2X: Final = (
    "discharge_limit",
    "discharge_limit_l2",
    "discharge_limit_l3",
    "setpoint",
    "setpoint_l2",
    "setpoint_l3",
    "setpoint_reactive",
    "setpoint_reactive_l2",
    "setpoint_reactive_l3",
    "v2x_baseline",
    "v2x_freq_watt_curve",
    "v2x_signal_watt_curve",
)
PER_PHASE: Final = ("limit_l2", "limit_l3")


def read(profile: v21.ChargingProfileType, evse_id: int) -> Profile:
    """Return the record of a profile that the backend sets on an EVSE, or with 0 on the station."""
    schedules = tuple(map(_read_schedule, profile.charging_schedule))
    return replace(
        charging_profile.frame(cast("v201.ChargingProfileType", profile), evse_id, schedules),
        max_offline_s=profile.max_offline_duration,
        ends_offline=profile.invalid_after_offline_duration,
        update_every_s=profile.dyn_update_interval,
        updated_at=profile.dyn_update_time,
        price_signature=profile.price_schedule_signature,
    )


def message(profile: Profile) -> v21.ChargingProfileType:
    """Return the profile as it is reported (K09)."""
    return v21.ChargingProfileType(
        id=profile.id,
        stack_level=profile.stack_level,
        charging_profile_purpose=profile.purpose,
        charging_profile_kind=profile.kind,
        recurrency_kind=profile.recurrency,
        valid_from=profile.valid_from,
        valid_to=profile.valid_to,
        transaction_id=profile.transaction_id,
        charging_schedule=tuple(map(schedule_message, profile.schedules)),
        max_offline_duration=profile.max_offline_s,
        invalid_after_offline_duration=profile.ends_offline,
        dyn_update_interval=profile.update_every_s,
        dyn_update_time=profile.updated_at,
        price_schedule_signature=profile.price_signature,
    )


def schedule_message(schedule: Schedule) -> v21.ChargingScheduleType:
    """Return a schedule as it is told."""
    offered = schedule.offered or PriceOffer()
    beyond, tariff = schedule.soc_limit, schedule.tariff
    told = None if tariff is None else carry(sales_tariff.message(tariff))
    return v21.ChargingScheduleType(
        id=schedule.id,
        start_schedule=schedule.start,
        duration=schedule.duration_s,
        charging_rate_unit=schedule.unit,
        min_charging_rate=_float(schedule.lowest_rate),
        charging_schedule_period=tuple(map(_period_message, schedule.periods)),
        sales_tariff=cast("v21.SalesTariffType | None", told),
        limit_at_soc=None
        if beyond is None
        else v21.LimitAtSoCType(soc=beyond.soc, limit=float(beyond.limit)),
        use_local_time=schedule.in_local_time,
        randomized_delay=schedule.delay_s,
        power_tolerance=_float(offered.power_tolerance),
        signature_id=offered.signature_id,
        digest_value=offered.digest,
        **_prices_message(offered.prices),
    )


def foreign(period: v21.ChargingSchedulePeriodType | v21.ChargingScheduleUpdateType) -> tuple[str, ...]:
    """Return the names of members that ask for what only other stations can do."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(type(period))}
    asked = [names[name] for name in (*PER_PHASE, *V2X) if getattr(period, name, None) is not None]
    return tuple(asked) + (("evseSleep",) if getattr(period, "evse_sleep", None) else ())


def decimal(value: float | None) -> Decimal | None:
    """Return a number as it was written."""
    return None if value is None else Decimal(str(value))


def _read_schedule(schedule: v21.ChargingScheduleType) -> Schedule:
    beyond, tariff = schedule.limit_at_soc, schedule.sales_tariff
    return Schedule(
        id=schedule.id,
        unit=schedule.charging_rate_unit,
        start=schedule.start_schedule,
        duration_s=schedule.duration,
        lowest_rate=decimal(schedule.min_charging_rate),
        periods=tuple(map(_read_period, schedule.charging_schedule_period)),
        tariff=None if tariff is None else sales_tariff.read(cast("v201.SalesTariffType", tariff)),
        in_local_time=schedule.use_local_time,
        delay_s=schedule.randomized_delay,
        soc_limit=None if beyond is None else SocLimit(soc=beyond.soc, limit=Decimal(str(beyond.limit))),
        offered=_read_offer(schedule),
    )


def _read_offer(schedule: v21.ChargingScheduleType) -> PriceOffer | None:
    """Return what goes to the vehicle unread, if there is any of it."""
    prices = {
        "absolutePriceSchedule": schedule.absolute_price_schedule,
        "priceLevelSchedule": schedule.price_level_schedule,
    }
    given = {name: value for name, value in prices.items() if value is not None}
    offer = PriceOffer(
        prices=msgspec.json.encode(given).decode() if given else None,
        power_tolerance=decimal(schedule.power_tolerance),
        signature_id=schedule.signature_id,
        digest=schedule.digest_value,
    )
    return None if offer == PriceOffer() else offer


def _prices_message(prices: str | None) -> dict[str, Any]:
    if prices is None:
        return {}
    given = msgspec.json.decode(prices)
    absolute, levels = given.get("absolutePriceSchedule"), given.get("priceLevelSchedule")
    return {
        "absolute_price_schedule": msgspec.convert(absolute, v21.AbsolutePriceScheduleType | None),
        "price_level_schedule": msgspec.convert(levels, v21.PriceLevelScheduleType | None),
    }


def _read_period(period: v21.ChargingSchedulePeriodType) -> Period:
    return Period(
        start_s=period.start_period,
        limit=decimal(period.limit),
        phases=period.number_phases,
        phase_to_use=period.phase_to_use,
        mode=period.operation_mode,
        preconditioning=period.preconditioning_request,
        foreign=foreign(period),
    )


def _period_message(period: Period) -> v21.ChargingSchedulePeriodType:
    return v21.ChargingSchedulePeriodType(
        start_period=period.start_s,
        limit=_float(period.limit),
        number_phases=period.phases,
        phase_to_use=period.phase_to_use,
        operation_mode=period.mode,
        preconditioning_request=period.preconditioning,
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
