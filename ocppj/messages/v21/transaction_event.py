"""TransactionEvent of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import field

from ocppj.messages import v21
from ocppj.messages.fields import Amount, CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import (
    IntFrom0,
    IntFrom0To3,
    IntFrom0To100,
    ItemsFrom1,
    ItemsFrom1To4,
    Str3,
    Str36,
    Str60,
    Str500,
)

ChargingStateEnumType = Literal["EVConnected", "Charging", "SuspendedEV", "SuspendedEVSE", "Idle"]
CostDimensionEnumType = Literal[
    "Energy", "MaxCurrent", "MinCurrent", "MaxPower", "MinPower", "IdleTIme", "ChargingTime"
]
PreconditioningStatusEnumType = Literal["Unknown", "Ready", "NotReady", "Preconditioning"]
ReasonEnumType = Literal[
    "DeAuthorized",
    "EmergencyStop",
    "EnergyLimitReached",
    "EVDisconnected",
    "GroundFault",
    "ImmediateReset",
    "MasterPass",
    "Local",
    "LocalOutOfCredit",
    "Other",
    "OvercurrentFault",
    "PowerLoss",
    "PowerQuality",
    "Reboot",
    "Remote",
    "SOCLimitReached",
    "StoppedByEV",
    "TimeLimitReached",
    "Timeout",
    "ReqEnergyTransferRejected",
]
TariffCostEnumType = Literal["NormalCost", "MinCost", "MaxCost"]
TransactionEventEnumType = Literal["Ended", "Started", "Updated"]
TriggerReasonEnumType = Literal[
    "AbnormalCondition",
    "Authorized",
    "CablePluggedIn",
    "ChargingRateChanged",
    "ChargingStateChanged",
    "CostLimitReached",
    "Deauthorized",
    "EnergyLimitReached",
    "EVCommunicationLost",
    "EVConnectTimeout",
    "EVDeparted",
    "EVDetected",
    "LimitSet",
    "MeterValueClock",
    "MeterValuePeriodic",
    "OperationModeChanged",
    "RemoteStart",
    "RemoteStop",
    "ResetCommand",
    "RunningCost",
    "SignedDataReceived",
    "SoCLimitReached",
    "StopAuthorized",
    "TariffChanged",
    "TariffNotAccepted",
    "TimeLimitReached",
    "Trigger",
    "TxResumed",
    "UnlockCommand",
]


class ChargingPeriodType(Payload, frozen=True, kw_only=True):
    """Part of TransactionEventRequest."""

    dimensions: Maybe[Annotated[tuple[CostDimensionType, ...], ItemsFrom1]] = None
    tariff_id: Maybe[Str60] = None
    start_period: Timestamp
    custom_data: Maybe[CustomDataType] = None


class CostDetailsType(Payload, frozen=True, kw_only=True):
    """Part of TransactionEventRequest."""

    charging_periods: Maybe[Annotated[tuple[ChargingPeriodType, ...], ItemsFrom1]] = None
    total_cost: TotalCostType
    total_usage: TotalUsageType
    failure_to_calculate: Maybe[bool] = None
    failure_reason: Maybe[Str500] = None
    custom_data: Maybe[CustomDataType] = None


class CostDimensionType(Payload, frozen=True, kw_only=True):
    """Part of TransactionEventRequest."""

    type: CostDimensionEnumType
    volume: float
    custom_data: Maybe[CustomDataType] = None


class TotalCostType(Payload, frozen=True, kw_only=True):
    """Part of TransactionEventRequest."""

    currency: Str3
    type_of_cost: TariffCostEnumType
    fixed: Maybe[v21.PriceType] = None
    energy: Maybe[v21.PriceType] = None
    charging_time: Maybe[v21.PriceType] = None
    idle_time: Maybe[v21.PriceType] = None
    reservation_time: Maybe[v21.PriceType] = None
    reservation_fixed: Maybe[v21.PriceType] = None
    total: TotalPriceType
    custom_data: Maybe[CustomDataType] = None


class TotalPriceType(Payload, frozen=True, kw_only=True):
    """Part of TransactionEventRequest."""

    excl_tax: Maybe[Amount] = None
    incl_tax: Maybe[Amount] = None
    custom_data: Maybe[CustomDataType] = None


class TotalUsageType(Payload, frozen=True, kw_only=True):
    """Part of TransactionEventRequest."""

    energy: float
    charging_time: Integer
    idle_time: Integer
    reservation_time: Maybe[Integer] = None
    custom_data: Maybe[CustomDataType] = None


class TransactionLimitType(Payload, frozen=True, kw_only=True):
    """Part of TransactionEventRequest, TransactionEventResponse."""

    max_cost: Maybe[Amount] = None
    max_energy: Maybe[float] = None
    max_time: Maybe[Integer] = None
    max_soc: Maybe[IntFrom0To100] = field(default=None, name="maxSoC")
    custom_data: Maybe[CustomDataType] = None


class TransactionType(Payload, frozen=True, kw_only=True):
    """Part of TransactionEventRequest."""

    transaction_id: Str36
    charging_state: Maybe[ChargingStateEnumType] = None
    time_spent_charging: Maybe[Integer] = None
    stopped_reason: Maybe[ReasonEnumType] = None
    remote_start_id: Maybe[Integer] = None
    operation_mode: Maybe[v21.OperationModeEnumType] = None
    tariff_id: Maybe[Str60] = None
    transaction_limit: Maybe[TransactionLimitType] = None
    custom_data: Maybe[CustomDataType] = None


class TransactionEventRequest(Payload, frozen=True, kw_only=True):
    """Request of the TransactionEvent action."""

    cost_details: Maybe[CostDetailsType] = None
    event_type: TransactionEventEnumType
    meter_value: Maybe[Annotated[tuple[v21.MeterValueType, ...], ItemsFrom1]] = None
    timestamp: Timestamp
    trigger_reason: TriggerReasonEnumType
    seq_no: IntFrom0
    offline: Maybe[bool] = None
    number_of_phases_used: Maybe[IntFrom0To3] = None
    cable_max_current: Maybe[Integer] = None
    reservation_id: Maybe[IntFrom0] = None
    preconditioning_status: Maybe[PreconditioningStatusEnumType] = None
    evse_sleep: Maybe[bool] = None
    transaction_info: TransactionType
    evse: Maybe[v21.EVSEType] = None
    id_token: Maybe[v21.IdTokenType] = None
    custom_data: Maybe[CustomDataType] = None


class TransactionEventResponse(Payload, frozen=True, kw_only=True):
    """Response of the TransactionEvent action."""

    total_cost: Maybe[Amount] = None
    charging_priority: Maybe[Integer] = None
    id_token_info: Maybe[v21.IdTokenInfoType] = None
    transaction_limit: Maybe[TransactionLimitType] = None
    updated_personal_message: Maybe[v21.MessageContentType] = None
    updated_personal_message_extra: Maybe[Annotated[tuple[v21.MessageContentType, ...], ItemsFrom1To4]] = None
    custom_data: Maybe[CustomDataType] = None
