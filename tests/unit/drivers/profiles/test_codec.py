from __future__ import annotations

import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.profiles.codec import CODECS, IntegerCodec, pattern_of, words_of


@given(st.integers(-(2**31), 2**31 - 1))
def test_int32_keeps_every_value(number: int) -> None:
    words = CODECS["int32"].encode(Decimal(number))
    assert len(words) == 2
    assert CODECS["int32"].decode(words) == number
    assert struct.pack(">2H", *words) == struct.pack(">i", number)


@given(st.sampled_from(["uint16", "int16", "uint32", "int32"]), st.data())
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
