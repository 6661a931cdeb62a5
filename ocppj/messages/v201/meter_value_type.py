"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import ItemsFrom1, Str20, Str50, Str2500

LocationEnumType = Literal["Body", "Cable", "EV", "Inlet", "Outlet"]
MeasurandEnumType = Literal[
    "Current.Export",
    "Current.Import",
    "Current.Offered",
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Register",
    "Energy.Reactive.Export.Register",
    "Energy.Reactive.Import.Register",
    "Energy.Active.Export.Interval",
    "Energy.Active.Import.Interval",
    "Energy.Active.Net",
    "Energy.Reactive.Export.Interval",
    "Energy.Reactive.Import.Interval",
    "Energy.Reactive.Net",
    "Energy.Apparent.Net",
    "Energy.Apparent.Import",
    "Energy.Apparent.Export",
    "Frequency",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Factor",
    "Power.Offered",
    "Power.Reactive.Export",
    "Power.Reactive.Import",
    "SoC",
    "Voltage",
]
PhaseEnumType = Literal["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"]
ReadingContextEnumType = Literal[
    "Interruption.Begin",
    "Interruption.End",
    "Other",
    "Sample.Clock",
    "Sample.Periodic",
    "Transaction.Begin",
    "Transaction.End",
    "Trigger",
]


class MeterValueType(Payload, frozen=True, kw_only=True):
    """Part of MeterValuesRequest, TransactionEventRequest."""

    custom_data: Maybe[CustomDataType] = None
    sampled_value: Annotated[tuple[SampledValueType, ...], ItemsFrom1]
    timestamp: Timestamp


class SampledValueType(Payload, frozen=True, kw_only=True):
    """Part of MeterValuesRequest, TransactionEventRequest."""

    custom_data: Maybe[CustomDataType] = None
    value: float
    context: Maybe[ReadingContextEnumType] = None
    measurand: Maybe[MeasurandEnumType] = None
    phase: Maybe[PhaseEnumType] = None
    location: Maybe[LocationEnumType] = None
    signed_meter_value: Maybe[SignedMeterValueType] = None
    unit_of_measure: Maybe[UnitOfMeasureType] = None


class SignedMeterValueType(Payload, frozen=True, kw_only=True):
    """Part of MeterValuesRequest, TransactionEventRequest."""

    custom_data: Maybe[CustomDataType] = None
    signed_meter_data: Str2500
    signing_method: Str50
    encoding_method: Str50
    public_key: Str2500


class UnitOfMeasureType(Payload, frozen=True, kw_only=True):
    """Part of MeterValuesRequest, TransactionEventRequest."""

    custom_data: Maybe[CustomDataType] = None
    unit: Maybe[Str20] = None
    multiplier: Maybe[Integer] = None
