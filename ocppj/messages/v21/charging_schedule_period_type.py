"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import field

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import FloatTo0, IntFrom0To3, ItemsFrom1To20

ChargingRateUnitEnumType = Literal["W", "A"]


class ChargingSchedulePeriodType(Payload, frozen=True, kw_only=True):
    """Part of GetCompositeScheduleResponse, NotifyChargingLimitRequest and 4 more."""

    start_period: Integer
    limit: Maybe[float] = None
    limit_l2: Maybe[float] = field(default=None, name="limit_L2")
    limit_l3: Maybe[float] = field(default=None, name="limit_L3")
    number_phases: Maybe[IntFrom0To3] = None
    phase_to_use: Maybe[IntFrom0To3] = None
    discharge_limit: Maybe[FloatTo0] = None
    discharge_limit_l2: Maybe[FloatTo0] = field(default=None, name="dischargeLimit_L2")
    discharge_limit_l3: Maybe[FloatTo0] = field(default=None, name="dischargeLimit_L3")
    setpoint: Maybe[float] = None
    setpoint_l2: Maybe[float] = field(default=None, name="setpoint_L2")
    setpoint_l3: Maybe[float] = field(default=None, name="setpoint_L3")
    setpoint_reactive: Maybe[float] = None
    setpoint_reactive_l2: Maybe[float] = field(default=None, name="setpointReactive_L2")
    setpoint_reactive_l3: Maybe[float] = field(default=None, name="setpointReactive_L3")
    preconditioning_request: Maybe[bool] = None
    evse_sleep: Maybe[bool] = None
    v2x_baseline: Maybe[float] = None
    operation_mode: Maybe[v21.OperationModeEnumType] = None
    v2x_freq_watt_curve: Maybe[Annotated[tuple[V2XFreqWattPointType, ...], ItemsFrom1To20]] = None
    v2x_signal_watt_curve: Maybe[Annotated[tuple[V2XSignalWattPointType, ...], ItemsFrom1To20]] = None
    custom_data: Maybe[CustomDataType] = None


class V2XFreqWattPointType(Payload, frozen=True, kw_only=True):
    """Part of GetCompositeScheduleResponse, NotifyChargingLimitRequest and 4 more."""

    frequency: float
    power: float
    custom_data: Maybe[CustomDataType] = None


class V2XSignalWattPointType(Payload, frozen=True, kw_only=True):
    """Part of GetCompositeScheduleResponse, NotifyChargingLimitRequest and 4 more."""

    signal: Integer
    power: float
    custom_data: Maybe[CustomDataType] = None
