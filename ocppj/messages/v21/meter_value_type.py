"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import ItemsFrom1, Str20, Str50, Str2500, Str32768

LocationEnumType = Literal["Body", "Cable", "EV", "Inlet", "Outlet", "Upstream"]
MeasurandEnumType = Literal[
    "Current.Export",
    "Current.Export.Offered",
    "Current.Export.Minimum",
    "Current.Import",
    "Current.Import.Offered",
    "Current.Import.Minimum",
    "Current.Offered",
    "Display.PresentSOC",
    "Display.MinimumSOC",
    "Display.TargetSOC",
    "Display.MaximumSOC",
    "Display.RemainingTimeToMinimumSOC",
    "Display.RemainingTimeToTargetSOC",
    "Display.RemainingTimeToMaximumSOC",
    "Display.ChargingComplete",
    "Display.BatteryEnergyCapacity",
    "Display.InletHot",
    "Energy.Active.Export.Interval",
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Interval",
    "Energy.Active.Import.Register",
    "Energy.Active.Import.CableLoss",
    "Energy.Active.Import.LocalGeneration.Register",
    "Energy.Active.Net",
    "Energy.Active.Setpoint.Interval",
    "Energy.Apparent.Export",
    "Energy.Apparent.Import",
    "Energy.Apparent.Net",
    "Energy.Reactive.Export.Interval",
    "Energy.Reactive.Export.Register",
    "Energy.Reactive.Import.Interval",
    "Energy.Reactive.Import.Register",
    "Energy.Reactive.Net",
    "EnergyRequest.Target",
    "EnergyRequest.Minimum",
    "EnergyRequest.Maximum",
    "EnergyRequest.Minimum.V2X",
    "EnergyRequest.Maximum.V2X",
    "EnergyRequest.Bulk",
    "Frequency",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Active.Setpoint",
    "Power.Active.Residual",
    "Power.Export.Minimum",
    "Power.Export.Offered",
    "Power.Factor",
    "Power.Import.Offered",
    "Power.Import.Minimum",
    "Power.Offered",
    "Power.Reactive.Export",
    "Power.Reactive.Import",
    "SoC",
    "Voltage",
    "Voltage.Minimum",
    "Voltage.Maximum",
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

    sampled_value: Annotated[tuple[SampledValueType, ...], ItemsFrom1]
    timestamp: Timestamp
    custom_data: Maybe[CustomDataType] = None


class SampledValueType(Payload, frozen=True, kw_only=True):
    """Part of MeterValuesRequest, TransactionEventRequest."""

    value: float
    measurand: Maybe[MeasurandEnumType] = None
    context: Maybe[ReadingContextEnumType] = None
    phase: Maybe[PhaseEnumType] = None
    location: Maybe[LocationEnumType] = None
    signed_meter_value: Maybe[SignedMeterValueType] = None
    unit_of_measure: Maybe[UnitOfMeasureType] = None
    custom_data: Maybe[CustomDataType] = None


class SignedMeterValueType(Payload, frozen=True, kw_only=True):
    """Part of MeterValuesRequest, TransactionEventRequest."""

    signed_meter_data: Str32768
    signing_method: Maybe[Str50] = None
    encoding_method: Str50
    public_key: Maybe[Str2500] = None
    custom_data: Maybe[CustomDataType] = None


class UnitOfMeasureType(Payload, frozen=True, kw_only=True):
    """Part of MeterValuesRequest, TransactionEventRequest."""

    unit: Maybe[Str20] = None
    multiplier: Maybe[Integer] = None
    custom_data: Maybe[CustomDataType] = None
