from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from agent.csms.v201.meter_values import meter_value
from agent.transactions.records import Sample, SampledValue, SignedValue
from ocppj.messages import v201

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_values_of_one_moment() -> None:
    """J01.FR.05, J02.FR.02."""
    sample = Sample(
        at=AT,
        context="Sample.Clock",
        values=(
            SampledValue(measurand="Energy.Active.Import.Register", value=Decimal(1234), unit="Wh"),
            SampledValue(measurand="Voltage", value=Decimal("230.1"), unit="V", phase="L1-N"),
        ),
    )
    assert meter_value(sample) == v201.MeterValueType(
        timestamp=AT,
        sampled_value=(
            v201.SampledValueType(
                value=1234.0,
                context="Sample.Clock",
                measurand="Energy.Active.Import.Register",
                location="Outlet",
                unit_of_measure=v201.UnitOfMeasureType(unit="Wh"),
            ),
            v201.SampledValueType(
                value=230.1,
                context="Sample.Clock",
                measurand="Voltage",
                phase="L1-N",
                location="Outlet",
                unit_of_measure=v201.UnitOfMeasureType(unit="V"),
            ),
        ),
    )


def test_a_register_of_a_lifetime_is_exact_on_the_wire() -> None:
    """Whole Wh up to 9 PWh fit a JSON number's double."""
    register = SampledValue(
        measurand="Energy.Active.Import.Register", value=Decimal(9_007_199_254_740_991), unit="Wh"
    )
    [value] = meter_value(Sample(at=AT, context="Trigger", values=(register,))).sampled_value
    assert value.value == 9_007_199_254_740_991


def signed_sample(text: str = "OCMF|{}|{}", key: str | None = "3059") -> Sample:
    register = SampledValue(measurand="Energy.Active.Import.Register", value=Decimal(1234), unit="Wh")
    return Sample(
        at=AT,
        context="Transaction.End",
        values=(replace(register, phase="L1"), register),
        signed=SignedValue(text=text, format="OCMF", method="ECDSA-secp256r1-SHA256", public_key=key),
    )


def test_what_the_meter_signed_goes_with_the_total_only() -> None:
    """J01.FR.21, J02.FR.21: the meter's own text, to the byte, in base64."""
    phase, total = meter_value(signed_sample('OCMF|{ "ID":"ü" }|{}')).sampled_value
    assert phase.signed_meter_value is None
    assert total.signed_meter_value == v201.SignedMeterValueType(
        signed_meter_data=base64.b64encode('OCMF|{ "ID":"ü" }|{}'.encode()).decode(),
        signing_method="ECDSA-secp256r1-SHA256",
        encoding_method="OCMF",
        public_key="MFk=",
    )


def test_without_a_key_the_member_is_empty() -> None:
    total = meter_value(signed_sample(key=None)).sampled_value[1].signed_meter_value
    assert total is not None
    assert total.public_key == ""


def test_a_text_that_is_too_long_for_this_version_is_logged_and_not_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = "OCMF|" + "x" * 1871
    assert meter_value(signed_sample(text)).sampled_value[1].signed_meter_value is None
    assert text in caplog.text
    assert meter_value(signed_sample(text[:-1])).sampled_value[1].signed_meter_value is not None
