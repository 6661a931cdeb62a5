"""StopTransaction of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v16
from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import Str20

Reason = Literal[
    "EmergencyStop",
    "EVDisconnected",
    "HardReset",
    "Local",
    "Other",
    "PowerLoss",
    "Reboot",
    "Remote",
    "SoftReset",
    "UnlockCommand",
    "DeAuthorized",
]
TransactionUnitOfMeasure = Literal[
    "Wh",
    "kWh",
    "varh",
    "kvarh",
    "W",
    "kW",
    "VA",
    "kVA",
    "var",
    "kvar",
    "A",
    "V",
    "K",
    "Celcius",
    "Celsius",
    "Fahrenheit",
    "Percent",
]


class TransactionData(Payload, frozen=True, kw_only=True):
    """Part of StopTransactionRequest."""

    timestamp: Timestamp
    sampled_value: tuple[TransactionSampledValue, ...]


class TransactionSampledValue(Payload, frozen=True, kw_only=True):
    """Part of StopTransactionRequest."""

    value: str
    context: Maybe[v16.ReadingContext] = None
    format: Maybe[v16.ValueFormat] = None
    measurand: Maybe[v16.Measurand] = None
    phase: Maybe[v16.Phase] = None
    location: Maybe[v16.Location] = None
    unit: Maybe[TransactionUnitOfMeasure] = None


class StopTransactionRequest(Payload, frozen=True, kw_only=True):
    """Request of the StopTransaction action."""

    id_tag: Maybe[Str20] = None
    meter_stop: Integer
    timestamp: Timestamp
    transaction_id: Integer
    reason: Maybe[Reason] = None
    transaction_data: Maybe[tuple[TransactionData, ...]] = None


class StopTransactionResponse(Payload, frozen=True, kw_only=True):
    """Response of the StopTransaction action."""

    id_tag_info: Maybe[v16.IdTagInfo] = None
