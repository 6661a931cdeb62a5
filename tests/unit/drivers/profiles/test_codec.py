from __future__ import annotations

import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.profiles.codec import CODECS, INTEGERS, IntegerCodec, codec_of, pattern_of, words_of


@given(st.integers(-(2**31), 2**31 - 1))
def test_int32_keeps_every_value(number: int) -> None:
    words = CODECS["int32"].encode(Decimal(number))
    assert len(words) == 2
    assert CODECS["int32"].decode(words) == number
    assert struct.pack(">2H", *words) == struct.pack(">i", number)


@given(st.sampled_from(INTEGERS), st.data())
def test_every_pattern_of_an_integer_survives(name: str, data: st.DataObject) -> None:
    codec = CODECS[name]
    words = tuple(data.draw(st.integers(0, 0xFFFF)) for _ in range(codec.count))
    raw = codec.decode(words)
    assert raw is not None
    assert codec.encode(raw) == words


@pytest.mark.parametrize(
    ("bits", "signed", "number"),
    [
        (16, False, -1),
        (16, False, 65536),
        (16, True, 32768),
        (16, True, -32769),
        (32, False, 2**32),
        (32, True, 2**31),
    ],
)
def test_a_number_too_large_for_its_register_is_refused(bits: int, signed: bool, number: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        IntegerCodec(bits, signed=signed).encode(Decimal(number))


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_float32_decodes_to_its_own_exact_value(number: float) -> None:
    words = struct.unpack(">2H", struct.pack(">f", number))
    assert CODECS["float32"].decode(words) == Decimal(number)


@given(st.decimals(min_value=-(10**30), max_value=10**30, places=6))
def test_float32_encodes_to_the_nearest(number: Decimal) -> None:
    raw = CODECS["float32"].decode(CODECS["float32"].encode(number))
    assert isinstance(raw, Decimal)
    pattern = pattern_of(CODECS["float32"].encode(abs(number)))
    for neighbour in (pattern - 1, pattern + 1):
        if 0 <= neighbour < 0x7F800000:
            other = CODECS["float32"].decode(words_of(neighbour, 2))
            assert isinstance(other, Decimal)
            assert abs(abs(number) - abs(raw)) <= abs(abs(number) - other)


@pytest.mark.parametrize("words", [(0x7FC0, 0), (0x7F80, 0), (0xFF80, 0), (0xFFFF, 0xFFFF)])
def test_nan_and_infinity_are_no_values(words: tuple[int, int]) -> None:
    assert CODECS["float32"].decode(words) is None


def test_a_number_beyond_float32_is_refused() -> None:
    with pytest.raises(ValueError, match="float32"):
        CODECS["float32"].encode(Decimal("1e39"))


def test_char_low_ignores_the_high_byte() -> None:
    assert CODECS["char_low"].decode((0x4142,)) == "B"
    assert CODECS["char_low"].encode("B") == (0x0042,)


@pytest.mark.parametrize("word", [0x0000, 0x0007, 0x00C3])
def test_an_unprintable_byte_is_no_character(word: int) -> None:
    assert CODECS["char_low"].decode((word,)) is None


def test_a_coil_is_on_or_off() -> None:
    assert CODECS["coil"].decode((1,)) is True
    assert CODECS["coil"].decode((0,)) is False
    assert CODECS["coil"].encode(True) == (1,)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("coil", Decimal(1)),
        ("char_low", "AB"),
        ("char_low", "ä"),
        ("uint16", "1"),
        ("uint16", Decimal("NaN")),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(name: str, raw: Decimal | str) -> None:
    with pytest.raises(ValueError, match=r"is (not|neither)"):
        CODECS[name].encode(raw)


@pytest.mark.parametrize(("name", "registers"), [("uint48", 3), ("int64", 4), ("float64", 4), ("bcd32", 2)])
def test_a_format_takes_as_many_registers_as_its_name_says(name: str, registers: int) -> None:
    assert codec_of(name).count == registers


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float64_keeps_every_value(number: float) -> None:
    words = struct.unpack(">4H", struct.pack(">d", number))
    raw = CODECS["float64"].decode(words)
    assert raw == Decimal(number)
    assert isinstance(raw, Decimal)
    assert CODECS["float64"].decode(CODECS["float64"].encode(raw)) == raw


@pytest.mark.parametrize("words", [(0x7FF8, 0, 0, 0), (0x7FF0, 0, 0, 0), (0xFFF0, 0, 0, 0)])
def test_float64_nan_and_infinity_are_no_values(words: tuple[int, ...]) -> None:
    assert CODECS["float64"].decode(words) is None


@given(st.integers(0, 99_999_999))
def test_bcd_has_a_digit_in_each_half_byte(number: int) -> None:
    words = CODECS["bcd32"].encode(Decimal(number))
    assert f"{words[0]:04x}{words[1]:04x}" == f"{number:08d}"
    assert CODECS["bcd32"].decode(words) == number


def test_bcd_with_a_half_byte_that_is_no_digit_is_no_number() -> None:
    assert CODECS["bcd16"].decode((0x12A4,)) is None


@pytest.mark.parametrize("number", [-1, 10_000])
def test_a_number_that_bcd_cannot_hold_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="bcd16"):
        CODECS["bcd16"].encode(Decimal(number))


@pytest.mark.parametrize(
    ("name", "words", "number"),
    [
        ("iskra_t5", (0, 1234), "1234"),
        ("iskra_t5", (0x0302, 0), "131072000"),
        ("iskra_t5", (0xFDFF, 0xFFFF), "16777.215"),
        ("iskra_t6", (0xFDFF, 0xFFFF), "-0.001"),
        ("iskra_t6", (0xFE00, 0x59D8), "230.00"),
        ("iskra_t6", (0x0080, 0), "-8388608"),
    ],
)
def test_a_decade_format_is_a_mantissa_times_a_power_of_ten(
    name: str, words: tuple[int, int], number: str
) -> None:
    raw = CODECS[name].decode(words)
    assert raw == Decimal(number)
    assert isinstance(raw, Decimal)
    assert CODECS[name].decode(CODECS[name].encode(raw)) == raw


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=9))
def test_a_decade_format_keeps_seven_digits_wherever_the_point_is(number: Decimal) -> None:
    raw = CODECS["iskra_t6"].decode(CODECS["iskra_t6"].encode(number))
    assert isinstance(raw, Decimal)
    assert abs(raw - number) <= abs(number) * Decimal("7e-7")


def test_a_negative_number_does_not_fit_into_an_unsigned_decade_format() -> None:
    with pytest.raises(ValueError, match="24 bits"):
        CODECS["iskra_t5"].encode(Decimal(-1))


def test_a_string_is_filled_with_nul_and_ends_at_it() -> None:
    codec = codec_of("string", 3)
    assert codec.encode("WM3M") == (0x574D, 0x334D, 0)
    assert codec.decode((0x574D, 0x3300, 0x5858)) == "WM3"
    assert codec.decode((0x2041, 0x4220, 0x2020)) == "AB"


@pytest.mark.parametrize("words", [(0, 0), (0x2020, 0x2020), (0x4107, 0x4200), (0xC3A4, 0)])
def test_an_empty_or_unprintable_string_is_none(words: tuple[int, int]) -> None:
    assert codec_of("string", 2).decode(words) is None


@pytest.mark.parametrize("text", ["ABCDE", "\u00e4"])
def test_a_text_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="at most 4 ASCII"):
        codec_of("string", 2).encode(text)


def test_a_string_needs_a_length() -> None:
    with pytest.raises(ValueError, match="needs a length"):
        codec_of("string")


@given(st.binary(min_size=2, max_size=20).filter(lambda data: len(data) % 2 == 0))
def test_bytes_are_hexadecimal_digits(data: bytes) -> None:
    codec = codec_of("bytes", len(data) // 2)
    words = struct.unpack(f">{len(data) // 2}H", data)
    assert codec.decode(words) == data.hex()
    assert codec.encode(data.hex()) == words


def test_bytes_of_known_size_leave_out_the_rest() -> None:
    codec = codec_of("bytes", 2, 3)
    assert codec.decode((0x1122, 0x33FF)) == "112233"
    assert codec.encode("112233") == (0x1122, 0x3300)


@pytest.mark.parametrize("raw", ["123", "xy", "1122334455", Decimal(1)])
def test_what_is_no_bytes_is_refused(raw: str | Decimal) -> None:
    with pytest.raises(ValueError, match="not at most 4 bytes"):
        codec_of("bytes", 2).encode(raw)


def test_a_text_of_known_size_is_exactly_its_bytes() -> None:
    codec = codec_of("string", 3, 5)
    words = codec.encode(" é\0 ")
    assert codec.decode(words) == " é\0 "
    assert codec_of("string", 3).decode(codec_of("string", 3).encode(" a ")) == "a"
    assert codec.decode((0xFF00, 0, 0)) is None


@given(st.integers(-32768, 32767))
def test_a_sunspec_scale_factor_is_from_minus_10_to_10(number: int) -> None:
    codec, words = CODECS["sunssf"], (number & 0xFFFF,)
    if -10 <= number <= 10:
        assert codec.decode(words) == number
        assert codec.encode(Decimal(number)) == words
    else:
        assert codec.decode(words) is None
        with pytest.raises(ValueError, match="not an exponent"):
            codec.encode(Decimal(number))


@pytest.mark.parametrize(("name", "bits"), [("acc32", 32), ("acc64", 64)])
def test_a_sunspec_accumulator_of_0_is_none(name: str, bits: int) -> None:
    codec = CODECS[name]
    assert codec.decode((0,) * codec.count) is None
    assert codec.decode(codec.encode(Decimal(2**bits - 1))) == 2**bits - 1
    with pytest.raises(ValueError, match=f"uint{bits}"):
        codec.encode(Decimal(-1))
