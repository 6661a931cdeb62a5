"""NotifyEVChargingNeeds of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import IntFrom0To100

EnergyTransferModeEnumType = Literal["DC", "AC_single_phase", "AC_two_phase", "AC_three_phase"]
NotifyEVChargingNeedsStatusEnumType = Literal["Accepted", "Rejected", "Processing"]


class ACChargingParametersType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    custom_data: Maybe[CustomDataType] = None
    energy_amount: Integer
    ev_min_current: Integer
    ev_max_current: Integer
    ev_max_voltage: Integer


class ChargingNeedsType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    custom_data: Maybe[CustomDataType] = None
    ac_charging_parameters: Maybe[ACChargingParametersType] = None
    dc_charging_parameters: Maybe[DCChargingParametersType] = None
    requested_energy_transfer: EnergyTransferModeEnumType
    departure_time: Maybe[Timestamp] = None


class DCChargingParametersType(Payload, frozen=True, kw_only=True):
    """Part of NotifyEVChargingNeedsRequest."""

    custom_data: Maybe[CustomDataType] = None
    ev_max_current: Integer
    ev_max_voltage: Integer
    energy_amount: Maybe[Integer] = None
    ev_max_power: Maybe[Integer] = None
    state_of_charge: Maybe[IntFrom0To100] = None
    ev_energy_capacity: Maybe[Integer] = None
    full_soc: Maybe[IntFrom0To100] = field(default=None, name="fullSoC")
    bulk_soc: Maybe[IntFrom0To100] = field(default=None, name="bulkSoC")


class NotifyEVChargingNeedsRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyEVChargingNeeds action."""

    custom_data: Maybe[CustomDataType] = None
    max_schedule_tuples: Maybe[Integer] = None
    charging_needs: ChargingNeedsType
    evse_id: Integer


class NotifyEVChargingNeedsResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyEVChargingNeeds action."""

    custom_data: Maybe[CustomDataType] = None
    status: NotifyEVChargingNeedsStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
