"""Meter values: what 2.1 adds, room for what meters sign, and no key where there is none (J01, J02)."""

from __future__ import annotations

import logging
from typing import Final, cast

from agent.csms.v201 import meter_values
from agent.transactions.records import Sample, SignedValue
from ocppj.messages import v21, v201

log = logging.getLogger(__name__)

MOST_SIGNED: Final = 32_768
"""Characters of signedMeterData in this version."""


def meter_value(sample: Sample) -> v201.MeterValueType:
    """Return the values of one moment; only what is signed is in 2.1's own types yet."""
    return meter_values.written(sample, _signed)


def _signed(value: SignedValue) -> v201.SignedMeterValueType | None:
    """Return what the meter signed; None if this version has no room for it."""
    data, key = meter_values.encoded(value)
    if len(data) > MOST_SIGNED or len(key) > meter_values.MOST_SIGNED:
        log.error("a signed reading of %d characters cannot be sent: %s", len(value.text), value.text)
        return None
    signed = v21.SignedMeterValueType(
        signed_meter_data=data,
        signing_method=value.method or None,
        encoding_method=value.format,
        public_key=key or None,
    )
    return cast("v201.SignedMeterValueType", signed)
