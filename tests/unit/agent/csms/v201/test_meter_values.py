from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from agent.csms.v201.meter_values import meter_value
from agent.transactions.records import Sample, SampledValue
from ocppj.messages import v201

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_values_of_one_moment() -> None:
    """J01.FR.05 to FR.10, J02.FR.02 to FR.06."""
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
