from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from agent.metering.samples import sample
from agent.transactions.records import Sample
from agent.variables.declared import MEASURANDS
from drivers.readings import Instant, MeterReading, Reading
from tests.unit.agent.hardware import START, reading

AT = Instant(1.0, START)


def sampled(
    *readings: Reading, measurands: tuple[str, ...] = MEASURANDS, totals: bool = True
) -> Sample | None:
    return sample(
        MeterReading(readings=readings, taken_at=AT),
        measurands,
        "Sample.Periodic",
        registers_without_phases=totals,
    )


def test_energy_is_whole_watt_hours_rounded_down_as_a_register_counts() -> None:
    """J02.FR.17: as the meter shows it, never more."""
    taken = sampled(reading("Energy.Active.Import.Register", 1_999, "mWh"))
    assert taken is not None
    assert [(value.value, value.unit) for value in taken.values] == [(Decimal(1), "Wh")]


def test_a_sample_is_stamped_with_the_moment_of_measurement() -> None:
    """J02.FR.18; a dead meter never puts an old value under a new time."""
    taken = sampled(reading("Voltage", Decimal(230), "V"))
    assert taken is not None
    assert taken.at == START
    assert taken.context == "Sample.Periodic"


def test_values_that_are_not_good_are_left_out() -> None:
    assert sampled(reading("Voltage", None, "V")) is None
    taken = sampled(reading("Voltage", None, "V"), reading("Frequency", Decimal(50), "Hz"))
    assert taken is not None
    assert [value.measurand for value in taken.values] == ["Frequency"]


def test_only_the_measurands_asked_for() -> None:
    readings = reading("Voltage", Decimal(230), "V"), reading("Frequency", Decimal(50), "Hz")
    taken = sampled(*readings, measurands=("Voltage",))
    assert taken is not None
    assert [value.measurand for value in taken.values] == ["Voltage"]
    assert sampled(*readings, measurands=()) is None


def test_registers_of_single_phases_are_sent_only_if_the_station_is_set_so() -> None:
    readings = (
        reading("Energy.Active.Import.Register", 3_000, "mWh"),
        reading("Energy.Active.Import.Register", 1_000, "mWh", phase="L1"),
        reading("Current.Import", Decimal(6), "A", phase="L1"),
    )
    total = sampled(*readings)
    each = sampled(*readings, totals=False)
    assert total is not None
    assert each is not None
    assert [(value.measurand, value.phase) for value in total.values] == [
        ("Energy.Active.Import.Register", None),
        ("Current.Import", "L1"),
    ]
    assert len(each.values) == 3


def test_other_values_have_three_decimals_and_no_exponent() -> None:
    taken = sampled(
        reading("Power.Active.Import", Decimal("11040.12345"), "W"),
        reading("Power.Reactive.Import", Decimal("1E+3"), "var"),
        reading("Power.Factor", Decimal("0.9850"), "ratio"),
    )
    assert taken is not None
    assert [str(value.value) for value in taken.values] == ["11040.123", "1000", "0.985"]
    assert [value.unit for value in taken.values] == ["W", "var", "1"]


@given(st.integers(min_value=0, max_value=10**13), st.integers(min_value=0, max_value=10**6))
def test_a_register_that_grows_never_shrinks_in_samples(energy_mwh: int, more_mwh: int) -> None:
    """J02.FR.16."""
    before = sampled(reading("Energy.Active.Import.Register", energy_mwh, "mWh"))
    after = sampled(reading("Energy.Active.Import.Register", energy_mwh + more_mwh, "mWh"))
    assert before is not None
    assert after is not None
    assert before.values[0].value <= after.values[0].value
