"""Meter values as this version writes them (J01, J02)."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from typing import Final

from agent.transactions.records import Sample, SampledValue, SignedValue
from drivers.readings import Measurand
from ocppj.messages import v201

log = logging.getLogger(__name__)

MOST_SIGNED: Final = 2500
"""Characters of signedMeterData and publicKey in this version."""


Sign = Callable[[SignedValue], v201.SignedMeterValueType | None]
_WHERE: Final[dict[Measurand, v201.LocationEnumType]] = {"SoC": "EV"}
"""Where it is not the outlet that is measured."""


def meter_value(sample: Sample) -> v201.MeterValueType:
    """Return the values of one moment."""
    return written(sample, _signed)


def written(sample: Sample, sign: Sign) -> v201.MeterValueType:
    """Return the values of one moment, with what the meter signed as the version writes it."""
    return v201.MeterValueType(
        timestamp=sample.at,
        sampled_value=tuple(_sampled_value(value, sample, sign) for value in sample.values),
    )


def _sampled_value(value: SampledValue, sample: Sample, sign: Sign) -> v201.SampledValueType:
    is_register = value.measurand == "Energy.Active.Import.Register" and value.phase is None
    return v201.SampledValueType(
        value=float(value.value),
        context=sample.context,
        measurand=value.measurand,
        phase=value.phase,
        location=_WHERE.get(value.measurand, "Outlet"),
        signed_meter_value=sign(sample.signed) if is_register and sample.signed else None,
        unit_of_measure=v201.UnitOfMeasureType(unit=value.unit),
    )


def encoded(value: SignedValue) -> tuple[str, str]:
    """Return what the meter signed, and the key, "" for none, both in base64."""
    data = base64.b64encode(value.text.encode()).decode()
    return data, base64.b64encode(bytes.fromhex(value.public_key or "")).decode()


def _signed(value: SignedValue) -> v201.SignedMeterValueType | None:
    """Return what the meter signed; None if this version has no room for it."""
    data, key = encoded(value)
    if max(len(data), len(key)) > MOST_SIGNED:
        log.error("a signed reading of %d characters cannot be sent: %s", len(value.text), value.text)
        return None
    return v201.SignedMeterValueType(
        signed_meter_data=data, signing_method=value.method, encoding_method=value.format, public_key=key
    )
