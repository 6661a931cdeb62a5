"""NotifyEVChargingNeeds of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import field

from ocppj.messages import v21
from ocppj.messages.fields import Amount, CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import (
    IntFrom0,
    IntFrom0To100,
    IntFrom1,
    ItemsFrom1,
    ItemsFrom1To8,
    ItemsFrom1To1024,
    Str3,
    Str50,
    Str2000,
)

ControlModeEnumType = Literal["ScheduledControl", "DynamicControl"]
IslandingDetectionEnumType = Literal[
    "NoAntiIslandingSupport",
    "RoCoF",
    "UVP_OVP",
    "UFP_OFP",
    "VoltageVectorShift",
    "ZeroCrossingDetection",
    "OtherPassive",
    "ImpedanceMeasurement",
    "ImpedanceAtFrequency",
    "SlipModeFrequencyShift",
    "SandiaFrequencyShift",
    "SandiaVoltageShift",
    "FrequencyJump",
    "RCLQFactor",
    "OtherActive",
]
MobilityNeedsModeEnumType = Literal["EVCC", "EVCC_SECC"]
NotifyEVChargingNeedsStatusEnumType = Literal["Accepted", "Rejected", "Processing", "NoChargingProfile"]


class ACChargingParametersType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    energy_amount: float
    ev_min_current: float
    ev_max_current: float
    ev_max_voltage: float
    custom_data: Maybe[CustomDataType] = None


class ChargingNeedsType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    ac_charging_parameters: Maybe[ACChargingParametersType] = None
    der_charging_parameters: Maybe[DERChargingParametersType] = None
    ev_energy_offer: Maybe[EVEnergyOfferType] = None
    requested_energy_transfer: v21.EnergyTransferModeEnumType
    dc_charging_parameters: Maybe[DCChargingParametersType] = None
    v2x_charging_parameters: Maybe[V2XChargingParametersType] = None
    available_energy_transfer: Maybe[Annotated[tuple[v21.EnergyTransferModeEnumType, ...], ItemsFrom1]] = None
    control_mode: Maybe[ControlModeEnumType] = None
    mobility_needs_mode: Maybe[MobilityNeedsModeEnumType] = None
    departure_time: Maybe[Timestamp] = None
    custom_data: Maybe[CustomDataType] = None


class DCChargingParametersType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    ev_max_current: float
    ev_max_voltage: float
    ev_max_power: Maybe[float] = None
    ev_energy_capacity: Maybe[float] = None
    energy_amount: Maybe[float] = None
    state_of_charge: Maybe[IntFrom0To100] = None
    full_soc: Maybe[IntFrom0To100] = field(default=None, name="fullSoC")
    bulk_soc: Maybe[IntFrom0To100] = field(default=None, name="bulkSoC")
    custom_data: Maybe[CustomDataType] = None


class DERChargingParametersType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    ev_supported_der_control: Maybe[Annotated[tuple[v21.DERControlEnumType, ...], ItemsFrom1]] = field(
        default=None, name="evSupportedDERControl"
    )
    ev_over_excited_max_discharge_power: Maybe[float] = None
    ev_over_excited_power_factor: Maybe[float] = None
    ev_under_excited_max_discharge_power: Maybe[float] = None
    ev_under_excited_power_factor: Maybe[float] = None
    max_apparent_power: Maybe[float] = None
    max_charge_apparent_power: Maybe[float] = None
    max_charge_apparent_power_l2: Maybe[float] = field(default=None, name="maxChargeApparentPower_L2")
    max_charge_apparent_power_l3: Maybe[float] = field(default=None, name="maxChargeApparentPower_L3")
    max_discharge_apparent_power: Maybe[float] = None
    max_discharge_apparent_power_l2: Maybe[float] = field(default=None, name="maxDischargeApparentPower_L2")
    max_discharge_apparent_power_l3: Maybe[float] = field(default=None, name="maxDischargeApparentPower_L3")
    max_charge_reactive_power: Maybe[float] = None
    max_charge_reactive_power_l2: Maybe[float] = field(default=None, name="maxChargeReactivePower_L2")
    max_charge_reactive_power_l3: Maybe[float] = field(default=None, name="maxChargeReactivePower_L3")
    min_charge_reactive_power: Maybe[float] = None
    min_charge_reactive_power_l2: Maybe[float] = field(default=None, name="minChargeReactivePower_L2")
    min_charge_reactive_power_l3: Maybe[float] = field(default=None, name="minChargeReactivePower_L3")
    max_discharge_reactive_power: Maybe[float] = None
    max_discharge_reactive_power_l2: Maybe[float] = field(default=None, name="maxDischargeReactivePower_L2")
    max_discharge_reactive_power_l3: Maybe[float] = field(default=None, name="maxDischargeReactivePower_L3")
    min_discharge_reactive_power: Maybe[float] = None
    min_discharge_reactive_power_l2: Maybe[float] = field(default=None, name="minDischargeReactivePower_L2")
    min_discharge_reactive_power_l3: Maybe[float] = field(default=None, name="minDischargeReactivePower_L3")
    nominal_voltage: Maybe[float] = None
    nominal_voltage_offset: Maybe[float] = None
    max_nominal_voltage: Maybe[float] = None
    min_nominal_voltage: Maybe[float] = None
    ev_inverter_manufacturer: Maybe[Str50] = None
    ev_inverter_model: Maybe[Str50] = None
    ev_inverter_serial_number: Maybe[Str50] = None
    ev_inverter_sw_version: Maybe[Str50] = None
    ev_inverter_hw_version: Maybe[Str50] = None
    ev_islanding_detection_method: Maybe[Annotated[tuple[IslandingDetectionEnumType, ...], ItemsFrom1]] = None
    ev_islanding_trip_time: Maybe[float] = None
    ev_maximum_level1_dc_injection: Maybe[float] = field(default=None, name="evMaximumLevel1DCInjection")
    ev_duration_level1_dc_injection: Maybe[float] = field(default=None, name="evDurationLevel1DCInjection")
    ev_maximum_level2_dc_injection: Maybe[float] = field(default=None, name="evMaximumLevel2DCInjection")
    ev_duration_level2_dc_injection: Maybe[float] = field(default=None, name="evDurationLevel2DCInjection")
    ev_reactive_susceptance: Maybe[float] = None
    ev_session_total_discharge_energy_available: Maybe[float] = None
    custom_data: Maybe[CustomDataType] = None


class EVAbsolutePriceScheduleEntryType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    duration: Integer
    ev_price_rule: Annotated[tuple[EVPriceRuleType, ...], ItemsFrom1To8]
    custom_data: Maybe[CustomDataType] = None


class EVAbsolutePriceScheduleType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    time_anchor: Timestamp
    currency: Str3
    ev_absolute_price_schedule_entries: Annotated[
        tuple[EVAbsolutePriceScheduleEntryType, ...], ItemsFrom1To1024
    ]
    price_algorithm: Str2000
    custom_data: Maybe[CustomDataType] = None


class EVEnergyOfferType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    ev_absolute_price_schedule: Maybe[EVAbsolutePriceScheduleType] = None
    ev_power_schedule: EVPowerScheduleType
    custom_data: Maybe[CustomDataType] = None


class EVPowerScheduleEntryType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    duration: Integer
    power: float
    custom_data: Maybe[CustomDataType] = None


class EVPowerScheduleType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    ev_power_schedule_entries: Annotated[tuple[EVPowerScheduleEntryType, ...], ItemsFrom1To1024]
    time_anchor: Timestamp
    custom_data: Maybe[CustomDataType] = None


class EVPriceRuleType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    energy_fee: Amount
    power_range_start: float
    custom_data: Maybe[CustomDataType] = None


class V2XChargingParametersType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    min_charge_power: Maybe[float] = None
    min_charge_power_l2: Maybe[float] = field(default=None, name="minChargePower_L2")
    min_charge_power_l3: Maybe[float] = field(default=None, name="minChargePower_L3")
    max_charge_power: Maybe[float] = None
    max_charge_power_l2: Maybe[float] = field(default=None, name="maxChargePower_L2")
    max_charge_power_l3: Maybe[float] = field(default=None, name="maxChargePower_L3")
    min_discharge_power: Maybe[float] = None
    min_discharge_power_l2: Maybe[float] = field(default=None, name="minDischargePower_L2")
    min_discharge_power_l3: Maybe[float] = field(default=None, name="minDischargePower_L3")
    max_discharge_power: Maybe[float] = None
    max_discharge_power_l2: Maybe[float] = field(default=None, name="maxDischargePower_L2")
    max_discharge_power_l3: Maybe[float] = field(default=None, name="maxDischargePower_L3")
    min_charge_current: Maybe[float] = None
    max_charge_current: Maybe[float] = None
    min_discharge_current: Maybe[float] = None
    max_discharge_current: Maybe[float] = None
    min_voltage: Maybe[float] = None
    max_voltage: Maybe[float] = None
    ev_target_energy_request: Maybe[float] = None
    ev_min_energy_request: Maybe[float] = None
    ev_max_energy_request: Maybe[float] = None
    ev_min_v2x_energy_request: Maybe[float] = field(default=None, name="evMinV2XEnergyRequest")
    ev_max_v2x_energy_request: Maybe[float] = field(default=None, name="evMaxV2XEnergyRequest")
    target_soc: Maybe[IntFrom0To100] = field(default=None, name="targetSoC")
    custom_data: Maybe[CustomDataType] = None


class NotifyEVChargingNeedsRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyEVChargingNeeds action."""

    evse_id: IntFrom1
    max_schedule_tuples: Maybe[IntFrom0] = None
    charging_needs: ChargingNeedsType
    timestamp: Maybe[Timestamp] = None
    custom_data: Maybe[CustomDataType] = None


class NotifyEVChargingNeedsResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyEVChargingNeeds action."""

    status: NotifyEVChargingNeedsStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
