"""What meters sign, in OCPP 2.1."""

from __future__ import annotations

import base64
from dataclasses import replace
from decimal import Decimal

from agent.csms.v21.carry import carried
from agent.csms.v21.dialect import Dialect21
from agent.csms.v21.meter_values import MOST_SIGNED, meter_value
from agent.csms.v201 import meter_values
from agent.transactions.records import Sample, SampledValue, SignedValue
from ocppj import codec
from ocppj.messages import v21
from tests.unit.agent.hardware import START

SIGNED = SignedValue(text="x" * 5000, method="", format="OCMF", public_key=None)
SAMPLE = Sample(
    at=START,
    context="Transaction.End",
    values=(SampledValue(measurand="Energy.Active.Import.Register", value=Decimal(1), unit="Wh"),),
    signed=SIGNED,
)


def told(sample: Sample) -> v21.SignedMeterValueType | None:
    [value] = carried(meter_value(sample), v21.MeterValueType).sampled_value
    return value.signed_meter_value


def test_what_has_no_room_in_201_is_told() -> None:
    """The key and the method only where there is one."""
    assert meter_values.meter_value(SAMPLE).sampled_value[0].signed_meter_value is None
    signed = told(SAMPLE)
    assert signed is not None
    assert base64.b64decode(signed.signed_meter_data).decode() == SIGNED.text
    assert (signed.signing_method, signed.public_key) == (None, None)
    keyed = told(replace(SAMPLE, signed=replace(SIGNED, method="ECDSA-secp256r1-SHA256", public_key="0a0b")))
    assert keyed is not None
    assert (keyed.signing_method, keyed.public_key) == ("ECDSA-secp256r1-SHA256", "Cgs=")
    message = Dialect21().meter_values(1, SAMPLE)
    assert b"publicKey" not in codec.encode(message)


def test_what_has_no_room_here_either_is_left_out() -> None:
    assert told(replace(SAMPLE, signed=replace(SIGNED, text="x" * MOST_SIGNED))) is None
