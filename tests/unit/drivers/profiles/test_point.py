from __future__ import annotations

import struct
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.profiles.codec import words_of
from drivers.profiles.point import LengthFrom, Order, Point, ScaledBy, Scaling
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


def field(mask: int, type_name: str = "uint16", **fields: object) -> Point:
    return Point(name="f", space="holding", address=0, type=type_name, mask=mask, **fields)  # type: ignore[arg-type]  # the tests name real fields


def test_a_mask_takes_its_bits_and_shifts_them_down() -> None:
    assert field(0xC000).decode((0x9234,)) == 2
    assert field(0x0FF0).decode((0x9234,)) == 0x23
    assert field(0xC000).encode(Decimal(2)) == (0x8000,)


def test_what_does_not_fit_into_a_mask_is_refused() -> None:
    with pytest.raises(ValueError, match="4 does not fit into the bits of mask 0xc000"):
        field(0xC000).encode(Decimal(4))
    assert not field(0xC000, write=WriteRule(function=6)).allows(Decimal(4))
    assert field(0xC000, write=WriteRule(function=6)).allows(Decimal(3))


def test_states_and_sentinels_of_a_mask_are_those_of_its_bits() -> None:
    point = field(0x0700, states={"5": "alarm", "7": "none"}, sentinels=(7,))
    assert point.decode((0xFDFF,)) == "alarm"
    assert point.decode((0xFFFF,)) is None
    assert point.encode("alarm") == (0x0500,)


@given(
    st.sampled_from(["uint16", "uint32"]),
    st.sampled_from(["big", "little"]),
    st.sampled_from(["big", "little"]),
    st.data(),
)
def test_merging_changes_the_bits_of_the_mask_and_no_others(
    type_name: str, word_order: Order, byte_order: Order, data: st.DataObject
) -> None:
    width = 16 if type_name == "uint16" else 32
    low = data.draw(st.integers(0, width - 1))
    size = data.draw(st.integers(1, width - low))
    mask = (2**size - 1) << low
    point = field(mask, type_name, word_order=word_order, byte_order=byte_order)
    rest = field(2**width - 1, type_name, word_order=word_order, byte_order=byte_order)
    before = words_of(data.draw(st.integers(0, 2**width - 1)), width // 16)
    value = Decimal(data.draw(st.integers(0, 2**size - 1)))
    after = point.merge(value, before)
    assert point.decode(after) == value
    old, new = (rest.decode(words) for words in (before, after))
    assert isinstance(old, Decimal)
    assert isinstance(new, Decimal)
    assert int(old) & ~mask == int(new) & ~mask


def test_a_point_without_a_mask_replaces_everything() -> None:
    assert Point(name="w", space="holding", address=0, type="uint16").merge(Decimal(3), (9,)) == (3,)


def test_states_of_a_bit_and_of_a_text() -> None:
    bit = Point(name="b", space="coil", address=0, type="coil", states={"0": "open", "1": "closed"})
    text = Point(name="t", space="input", address=0, type="string", length=1, states={"A1": "A"})
    assert (bit.decode((1,)), bit.encode("open")) == ("closed", (0,))
    assert (text.decode((0x4131,)), text.encode("A")) == ("A", (0x4131,))
    assert text.decode((0x4232,)) is None


FILE = Point(
    name="file", space="holding", address=0, type="bytes", length=300, poll="on_demand",
    length_from=LengthFrom("size", "bytes"),
)  # fmt: skip


def test_a_point_is_as_long_as_another_says() -> None:
    sized = FILE.sized(Decimal(5))
    assert (FILE.count, sized.count) == (300, 3)
    assert sized.decode((0x1122, 0x3344, 0x5566)) == "1122334455"
    by_registers = replace(FILE, length_from=LengthFrom("size", "registers"))
    assert by_registers.sized(Decimal(3)).decode((0x1122, 0x3344, 0x5566)) == "112233445566"
    assert by_registers.sized(Decimal(300)).count == 300
    assert sized.sized(Decimal(9)) is sized


@pytest.mark.parametrize("value", [Decimal(0), Decimal(601), Decimal("1.5"), Decimal(-1), None, "5"])
def test_a_length_that_is_none_is_refused(value: Value | None) -> None:
    with pytest.raises(ValueError, match=r"file: size says that it has .* bytes, not 1 to 600"):
        FILE.sized(value)


def test_off_may_be_written_though_it_is_out_of_range() -> None:
    rule = WriteRule(function=6, bounds=Range(low=Decimal(6), high=Decimal(32)), off=Decimal(0))
    point = Point(name="limit", space="holding", address=0, type="uint16", unit="A", write=rule)
    assert [point.allows(Decimal(amperes)) for amperes in (0, 5, 6, 32, 33)] == [
        True,
        False,
        True,
        True,
        False,
    ]


def test_what_a_register_cannot_hold_is_not_allowed() -> None:
    point = Point(
        name="mode",
        space="holding",
        address=0,
        type="uint16",
        states={"1": "on"},
        write=WriteRule(function=6),
    )
    assert point.allows("on")
    assert not point.allows("off")
    assert not point.allows(Decimal(1))
