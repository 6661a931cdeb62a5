"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1To10

DERUnitEnumType = Literal[
    "Not_Applicable", "PctMaxW", "PctMaxVar", "PctWAvail", "PctVarAvail", "PctEffectiveV"
]
PowerDuringCessationEnumType = Literal["Active", "Reactive"]


class DERCurvePointsType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    x: float
    y: float
    custom_data: Maybe[CustomDataType] = None


class DERCurveType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    curve_data: Annotated[tuple[DERCurvePointsType, ...], ItemsFrom1To10]
    hysteresis: Maybe[HysteresisType] = None
    priority: IntFrom0
    reactive_power_params: Maybe[ReactivePowerParamsType] = None
    voltage_params: Maybe[VoltageParamsType] = None
    y_unit: DERUnitEnumType
    response_time: Maybe[float] = None
    start_time: Maybe[Timestamp] = None
    duration: Maybe[float] = None
    custom_data: Maybe[CustomDataType] = None


class EnterServiceType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    priority: IntFrom0
    high_voltage: float
    low_voltage: float
    high_freq: float
    low_freq: float
    delay: Maybe[float] = None
    random_delay: Maybe[float] = None
    ramp_rate: Maybe[float] = None
    custom_data: Maybe[CustomDataType] = None


class FixedPFType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    priority: IntFrom0
    displacement: float
    excitation: bool
    start_time: Maybe[Timestamp] = None
    duration: Maybe[float] = None
    custom_data: Maybe[CustomDataType] = None


class FixedVarType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    priority: IntFrom0
    setpoint: float
    unit: DERUnitEnumType
    start_time: Maybe[Timestamp] = None
    duration: Maybe[float] = None
    custom_data: Maybe[CustomDataType] = None


class FreqDroopType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    priority: IntFrom0
    over_freq: float
    under_freq: float
    over_droop: float
    under_droop: float
    response_time: float
    start_time: Maybe[Timestamp] = None
    duration: Maybe[float] = None
    custom_data: Maybe[CustomDataType] = None


class GradientType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    priority: IntFrom0
    gradient: float
    soft_gradient: float
    custom_data: Maybe[CustomDataType] = None


class HysteresisType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    hysteresis_high: Maybe[float] = None
    hysteresis_low: Maybe[float] = None
    hysteresis_delay: Maybe[float] = None
    hysteresis_gradient: Maybe[float] = None
    custom_data: Maybe[CustomDataType] = None


class LimitMaxDischargeType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    priority: IntFrom0
    pct_max_discharge_power: Maybe[float] = None
    power_monitoring_must_trip: Maybe[DERCurveType] = None
    start_time: Maybe[Timestamp] = None
    duration: Maybe[float] = None
    custom_data: Maybe[CustomDataType] = None


class ReactivePowerParamsType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    v_ref: Maybe[float] = None
    autonomous_v_ref_enable: Maybe[bool] = None
    autonomous_v_ref_time_constant: Maybe[float] = None
    custom_data: Maybe[CustomDataType] = None


class VoltageParamsType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest, SetDERControlRequest."""

    hv10_min_mean_value: Maybe[float] = None
    hv10_min_mean_trip_delay: Maybe[float] = None
    power_during_cessation: Maybe[PowerDuringCessationEnumType] = None
    custom_data: Maybe[CustomDataType] = None
