"""TransactionEvent of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v201
from ocppj.messages.fields import Amount, CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import ItemsFrom1, Str36

ChargingStateEnumType = Literal["Charging", "EVConnected", "SuspendedEV", "SuspendedEVSE", "Idle"]
ReasonEnumType = Literal[
    "DeAuthorized",
    "EmergencyStop",
    "EnergyLimitReached",
    "EVDisconnected",
    "GroundFault",
    "ImmediateReset",
    "Local",
    "LocalOutOfCredit",
    "MasterPass",
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
]
TransactionEventEnumType = Literal["Ended", "Started", "Updated"]
TriggerReasonEnumType = Literal[
    "Authorized",
    "CablePluggedIn",
    "ChargingRateChanged",
    "ChargingStateChanged",
    "Deauthorized",
    "EnergyLimitReached",
    "EVCommunicationLost",
    "EVConnectTimeout",
    "MeterValueClock",
    "MeterValuePeriodic",
    "TimeLimitReached",
    "Trigger",
    "UnlockCommand",
    "StopAuthorized",
    "EVDeparted",
    "EVDetected",
    "RemoteStop",
    "RemoteStart",
    "AbnormalCondition",
    "SignedDataReceived",
    "ResetCommand",
]


class TransactionType(Payload, frozen=True, kw_only=True):
    """Part of TransactionEventRequest."""

    custom_data: Maybe[CustomDataType] = None
    transaction_id: Str36
    charging_state: Maybe[ChargingStateEnumType] = None
    time_spent_charging: Maybe[Integer] = None
    stopped_reason: Maybe[ReasonEnumType] = None
    remote_start_id: Maybe[Integer] = None


class TransactionEventRequest(Payload, frozen=True, kw_only=True):
    """Request of the TransactionEvent action."""

    custom_data: Maybe[CustomDataType] = None
    event_type: TransactionEventEnumType
    meter_value: Maybe[Annotated[tuple[v201.MeterValueType, ...], ItemsFrom1]] = None
    timestamp: Timestamp
    trigger_reason: TriggerReasonEnumType
    seq_no: Integer
    offline: Maybe[bool] = None
    number_of_phases_used: Maybe[Integer] = None
    cable_max_current: Maybe[Integer] = None
    reservation_id: Maybe[Integer] = None
    transaction_info: TransactionType
    evse: Maybe[v201.EVSEType] = None
    id_token: Maybe[v201.IdTokenType] = None


class TransactionEventResponse(Payload, frozen=True, kw_only=True):
    """Response of the TransactionEvent action."""

    custom_data: Maybe[CustomDataType] = None
    total_cost: Maybe[Amount] = None
    charging_priority: Maybe[Integer] = None
    id_token_info: Maybe[v201.IdTokenInfoType] = None
    updated_personal_message: Maybe[v201.MessageContentType] = None
