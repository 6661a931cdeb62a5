from __future__ import annotations

import struct
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.profiles.block import Block
from drivers.profiles.codec import words_of
from drivers.profiles.derived import Derived
from drivers.profiles.point import Point, ScaledBy, Scaling
from drivers.profiles.values import Range, Value
from drivers.profiles.writes import WriteRule


def energy(type_name: str = "float32", **fields: object) -> Point:
    return Point(
        name="energy",
        space="input",
        address=72,
        type=type_name,
        unit="kWh",
        measurand="Energy.Active.Import.Register",
        **fields,  # type: ignore[arg-type]  # the tests name real fields
    )


@given(st.integers(0, 0x4E6E6B28))  # up to 1e9 kWh
def test_float32_energy_is_the_floats_own_value_rounded_once_to_the_nearest_mwh(pattern: int) -> None:
    value = energy().decode(words_of(pattern, 2))
    (kwh,) = struct.unpack(">f", pattern.to_bytes(4, "big"))
    exact = Fraction(kwh) * 1_000_000
    assert isinstance(value, Decimal)
    assert value == round(exact)  # Python rounds fractions half to even


@given(st.integers(0, 0x4E6E6B27))
def test_float32_energy_never_decreases_while_the_register_grows(pattern: int) -> None:
    lower, higher = (energy().decode(words_of(pattern + step, 2)) for step in (0, 1))
    assert isinstance(lower, Decimal)
    assert isinstance(higher, Decimal)
    assert lower <= higher


def test_float32_energy_at_100_mwh_counts_in_steps_of_about_8_wh() -> None:
    point = energy()
    pattern = struct.unpack(">I", struct.pack(">f", 100_000.0))[0]
    here, there = (point.decode(words_of(pattern + step, 2)) for step in (0, 1))
    assert isinstance(here, Decimal)
    assert isinstance(there, Decimal)
    assert there - here == Decimal(7812)  # 2**-7 kWh is 7812.5 mWh


def test_a_tie_goes_to_the_even_mwh() -> None:
    # 2**-7 kWh is 7812.5 mWh, 3 * 2**-7 kWh is 23437.5 mWh.
    assert energy().decode(energy().encode(Decimal("7812.5"))) == 7812
    assert energy().decode(energy().encode(Decimal("23437.5"))) == 23438


@given(st.integers(0, 2**32 - 1))
def test_integer_energy_is_exact(raw: int) -> None:
    point = energy("uint32", scale=Decimal("0.01"), word_order="little")
    words = words_of(raw, 2)[::-1]
    value = point.decode(words)
    assert value == raw * 10_000
    assert value is not None
    assert point.encode(value) == words


def test_word_order_little_has_the_least_significant_register_first() -> None:
    point = Point(name="time", space="input", address=102, type="uint32", word_order="little")
    assert point.decode((0x5678, 0x1234)) == 0x12345678
    assert point.encode(Decimal(0x12345678)) == (0x5678, 0x1234)


def test_scale_and_unit_make_the_unit_of_the_reading() -> None:
    point = Point(
        name="power",
        space="input",
        address=120,
        type="int32",
        scale=Decimal("0.01"),
        unit="kW",
        measurand="Power.Active.Import",
    )
    assert point.reading_unit == "W"
    assert point.decode((0, 1104)) == 11040
    assert point.decode((0xFFFF, 0xFFFF)) == -10


def test_a_sentinel_is_no_value() -> None:
    point = Point(name="u", space="input", address=0, type="uint16", sentinels=(0xFFFF,))
    assert point.decode((0xFFFF,)) is None
    assert point.decode((0xFFFE,)) == 0xFFFE


def test_a_sentinel_of_two_registers_is_given_most_significant_first() -> None:
    point = Point(
        name="u", space="input", address=0, type="int32", word_order="little", sentinels=(0x80000000,)
    )
    assert point.decode((0x0000, 0x8000)) is None


def test_a_value_outside_the_valid_range_is_no_value() -> None:
    point = Point(
        name="u",
        space="input",
        address=0,
        type="uint16",
        scale=Decimal("0.1"),
        unit="V",
        measurand="Voltage",
        valid=Range(low=Decimal(0), high=Decimal(300)),
    )
    assert point.decode((3000,)) == 300
    assert point.decode((3001,)) is None


def test_states_go_both_ways() -> None:
    point = Point(name="mode", space="input", address=0, type="uint16", states={"1": "idle", "3": "charging"})
    assert point.decode((3,)) == "charging"
    assert point.encode("charging") == (3,)
    assert point.decode((2,)) is None
    with pytest.raises(ValueError, match="idle, charging"):
        point.encode("gone")


def test_a_letter_state_stays_a_letter() -> None:
    point = Point(name="pilot", space="input", address=100, type="char_low", states={"A": "A", "B": "B"})
    assert point.encode("B") == (ord("B"),)
    assert point.decode((ord("C"),)) is None


def test_decode_refuses_the_wrong_number_of_registers() -> None:
    with pytest.raises(ValueError, match="1 registers given, 2 needed"):
        energy().decode((1,))


@pytest.mark.parametrize(
    ("amperes", "allowed"),
    [("5", False), ("6", True), ("16", True), ("16.5", False), ("80", True), ("81", False)],
)
def test_a_write_needs_a_value_in_range_that_the_register_holds_exactly(amperes: str, allowed: bool) -> None:
    rule = WriteRule(function=6, bounds=Range(low=Decimal(6), high=Decimal(80)))
    point = Point(name="max_current", space="holding", address=300, type="uint16", unit="A", write=rule)
    assert point.allows(Decimal(amperes)) is allowed


def test_a_point_without_a_write_rule_allows_nothing() -> None:
    assert not energy().allows(Decimal(1))


def test_a_block_gives_each_point_its_own_registers() -> None:
    first = Point(name="a", space="input", address=10, type="uint16")
    second = Point(name="b", space="input", address=12, type="uint32")
    block = Block(space="input", start=10, count=4, points=(first, second))
    assert list(block.slice(first, (1, 2, 3, 4))) == [1]
    assert list(block.slice(second, (1, 2, 3, 4))) == [3, 4]


def test_byte_order_little_has_the_low_byte_of_each_register_first() -> None:
    point = Point(name="e", space="input", address=0, type="uint32", byte_order="little")
    assert point.decode((0x3412, 0x7856)) == 0x12345678
    assert point.encode(Decimal(0x12345678)) == (0x3412, 0x7856)
    both = Point(name="e", space="input", address=0, type="uint32", byte_order="little", word_order="little")
    assert both.decode((0x7856, 0x3412)) == 0x12345678


def test_a_string_is_in_the_order_of_its_addresses_whatever_the_word_order() -> None:
    point = Point(name="s", space="input", address=0, type="string", length=2, word_order="little")
    assert point.decode((0x4142, 0x4344)) == "ABCD"
    assert point.encode("ABCD") == (0x4142, 0x4344)


def test_an_offset_is_added_after_scaling() -> None:
    point = Point(
        name="t", space="input", address=0, type="uint16", scale=Decimal("0.1"), offset=Decimal(-40)
    )
    assert point.decode((655,)) == Decimal("25.5")
    assert point.encode(Decimal("25.5")) == (655,)


def test_bits_are_names_and_unnamed_ones_are_left_out() -> None:
    point = Point(
        name="events", space="input", address=0, type="uint32", bits={2: "power_failure", 17: "hot"}
    )
    assert point.decode((2, 0b101)) == {"power_failure", "hot"}
    assert point.decode((0, 1)) == frozenset()
    assert point.encode(frozenset({"hot"})) == (2, 0)
    with pytest.raises(ValueError, match="cold: no such bit"):
        point.encode(frozenset({"cold"}))


@pytest.mark.parametrize(
    ("how", "scale", "factor"),
    [
        ("exponent", "-2", "0.01"),
        ("exponent", "3", "1000"),
        ("exponent", "31", None),
        ("decimals", "2", "0.01"),
        ("decimals", "-1", "10"),
        ("multiplier", "40", "40"),
        ("multiplier", "0", None),
        ("multiplier", "-1", None),
    ],
)
def test_another_register_scales(how: Scaling, scale: str, factor: str | None) -> None:
    wanted = None if factor is None else Decimal(factor)
    assert ScaledBy("other", how).factor(Decimal(scale)) == wanted


@pytest.mark.parametrize("value", [None, "A", True])
def test_a_scale_that_is_no_number_scales_nothing(value: Value | None) -> None:
    assert ScaledBy("other", "exponent").factor(value) is None


def test_a_scaled_register_is_exact_both_ways() -> None:
    point = energy("uint32")
    assert point.decode((0, 12345), Decimal("0.001")) == 12_345_000
    assert point.encode(Decimal(12_345_000), Decimal("0.001")) == (0, 12345)


def test_a_derived_value_adds_and_subtracts_or_has_none() -> None:
    derived = Derived(name="p", measurand="Power.Active.Import", plus=("a", "b"), minus=("c",))
    assert derived.reading_unit == "W"
    assert derived.value({"a": Decimal("1.5"), "b": Decimal(2), "c": Decimal(10)}) == Decimal("-6.5")
    assert derived.value({"a": Decimal(1), "b": None, "c": Decimal(10)}) is None
    assert derived.value({"a": Decimal(1), "c": Decimal(10)}) is None
