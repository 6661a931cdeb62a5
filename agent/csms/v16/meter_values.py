"""Meter values as OCPP 1.6 writes them (4.7, 7.33): numbers as texts, energy in whole Wh."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Final, Literal, cast, get_args

from agent.transactions.records import Sample, SampledValue, SignedValue
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
        return [(None, plain), ("SignedData", signed_data(sample.signed))]
    return [(None, plain)]


def signed_data(signed: SignedValue) -> str:
    """Return what a meter signed as the text of a value (OCA: signed meter values in OCPP, 3.2.1).

    How it is signed is in the OCMF record; the key comes as it is printed on the meter, if it is to come.
    """
    key = "" if signed.public_key is None else f"oca:base16:asn1:{signed.public_key}"
    return json.dumps(
        {
            "signedMeterData": _base64(signed.text),
            "signingMethod": "",
            "encodingMethod": signed.format,
            "publicKey": _base64(key),
        }
    )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def _unit(unit: str) -> v16.UnitOfMeasure | None:
    name = _RENAMED.get(unit, unit)
    return cast("v16.UnitOfMeasure", name) if name in _UNITS else None
