"""Meter values as OCPP 1.6 writes them (4.7, 7.33): numbers as texts, energy in whole Wh."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, cast, get_args

from agent.transactions.records import Sample, SampledValue
from ocppj.messages import v16

_REGISTER: Final = "Energy.Active.Import.Register"
_UNITS: Final = frozenset(get_args(v16.UnitOfMeasure))
_RENAMED: Final = {"Hz": "Hertz"}


def message(
    connector_id: int, samples: Iterable[Sample], number: int | None = None
) -> v16.MeterValuesRequest:
    """Return the values of a connector, or of the transaction that the backend knows by this number."""
    return v16.MeterValuesRequest(
        connector_id=connector_id, transaction_id=number, meter_value=tuple(map(meter_value, samples))
    )


def meter_value(sample: Sample) -> v16.MeterValue:
    """Return the values of one moment."""
    return v16.MeterValue(
        timestamp=sample.at,
        sampled_value=tuple(
            v16.SampledValue(
                value=text,
                context=sample.context,
                format=form,
                measurand=value.measurand,
                phase=value.phase,
                location="Outlet",
                unit=_unit(value.unit),
            )
            for value in sample.values
            for form, text in _written(value, sample)
        ),
    )


def transaction_data(sample: Sample) -> v16.TransactionData:
    """Return the same as StopTransaction carries it: its schema has no Hertz."""
    return v16.TransactionData(
        timestamp=sample.at,
        sampled_value=tuple(
            v16.TransactionSampledValue(
                value=text,
                context=sample.context,
                format=form,
                measurand=value.measurand,
                phase=value.phase,
                location="Outlet",
                unit=None if value.unit == "Hz" else cast("v16.TransactionUnitOfMeasure", _unit(value.unit)),
            )
            for value in sample.values
            for form, text in _written(value, sample)
        ),
    )


def _written(value: SampledValue, sample: Sample) -> list[tuple[Literal["SignedData"] | None, str]]:
    """Return the number, and beside the energy register what the meter signed."""
    plain = format(value.value.normalize(), "f")
    if sample.signed is not None and value.measurand == _REGISTER and value.phase is None:
        return [(None, plain), ("SignedData", sample.signed.text)]
    return [(None, plain)]


def _unit(unit: str) -> v16.UnitOfMeasure | None:
    name = _RENAMED.get(unit, unit)
    return cast("v16.UnitOfMeasure", name) if name in _UNITS else None
