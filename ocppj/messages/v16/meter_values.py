"""MeterValues of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v16
from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import ItemsFrom1

UnitOfMeasure = Literal[
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
    "Hertz",
]


class MeterValue(Payload, frozen=True, kw_only=True):
    """Part of MeterValuesRequest."""

    timestamp: Timestamp
    sampled_value: Annotated[tuple[SampledValue, ...], ItemsFrom1]


class SampledValue(Payload, frozen=True, kw_only=True):
    """Part of MeterValuesRequest."""

    value: str
    context: Maybe[v16.ReadingContext] = None
    format: Maybe[v16.ValueFormat] = None
    measurand: Maybe[v16.Measurand] = None
    phase: Maybe[v16.Phase] = None
    location: Maybe[v16.Location] = None
    unit: Maybe[UnitOfMeasure] = None


class MeterValuesRequest(Payload, frozen=True, kw_only=True):
    """Request of the MeterValues action."""

    connector_id: Integer
    transaction_id: Maybe[Integer] = None
    meter_value: Annotated[tuple[MeterValue, ...], ItemsFrom1]


class MeterValuesResponse(Payload, frozen=True, kw_only=True):
    """Response of the MeterValues action."""
