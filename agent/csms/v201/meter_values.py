"""Meter values as this version writes them (J01, J02)."""

from __future__ import annotations

from agent.transactions.records import Sample, SampledValue
from ocppj.messages import v201


def meter_value(sample: Sample) -> v201.MeterValueType:
    """Return the values of one moment."""
    return v201.MeterValueType(
        timestamp=sample.at,
        sampled_value=tuple(_sampled_value(value, sample.context) for value in sample.values),
    )


def _sampled_value(value: SampledValue, context: v201.ReadingContextEnumType) -> v201.SampledValueType:
    return v201.SampledValueType(
        value=float(value.value),
        context=context,
        measurand=value.measurand,
        phase=value.phase,
        location="Outlet",
        unit_of_measure=v201.UnitOfMeasureType(unit=value.unit),
    )
