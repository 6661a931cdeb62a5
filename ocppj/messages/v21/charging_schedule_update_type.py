"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from msgspec import field

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import FloatTo0


class ChargingScheduleUpdateType(Payload, frozen=True, kw_only=True):
    """Part of PullDynamicScheduleUpdateResponse, UpdateDynamicScheduleRequest."""

    limit: Maybe[float] = None
    limit_l2: Maybe[float] = field(default=None, name="limit_L2")
    limit_l3: Maybe[float] = field(default=None, name="limit_L3")
    discharge_limit: Maybe[FloatTo0] = None
    discharge_limit_l2: Maybe[FloatTo0] = field(default=None, name="dischargeLimit_L2")
    discharge_limit_l3: Maybe[FloatTo0] = field(default=None, name="dischargeLimit_L3")
    setpoint: Maybe[float] = None
    setpoint_l2: Maybe[float] = field(default=None, name="setpoint_L2")
    setpoint_l3: Maybe[float] = field(default=None, name="setpoint_L3")
    setpoint_reactive: Maybe[float] = None
    setpoint_reactive_l2: Maybe[float] = field(default=None, name="setpointReactive_L2")
    setpoint_reactive_l3: Maybe[float] = field(default=None, name="setpointReactive_L3")
    custom_data: Maybe[CustomDataType] = None
