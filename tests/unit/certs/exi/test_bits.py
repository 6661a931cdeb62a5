from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certs.exi.bits import BitReader, BitWriter
from certs.exi.errors import CannotDecode

FIELDS = st.lists(
    st.integers(0, 70).flatmap(lambda bits: st.tuples(st.integers(0, 2**bits - 1), st.just(bits)))
)


@given(FIELDS)
def test_what_is_written_is_read_again(fields: list[tuple[int, int]]) -> None:
    writer = BitWriter()
    for value, bits in fields:
        writer.write(value, bits)
    data = writer.bytes()
    assert len(data) == (sum(bits for _, bits in fields) + 7) // 8
    reader = BitReader(data)
    assert [reader.read(bits) for _, bits in fields] == [value for value, _ in fields]
    assert 0 <= reader.left_bits < 8


@given(st.integers(0, 2**160), st.integers(0, 7))
def test_an_unsigned_number_of_any_length(number: int, before: int) -> None:
    writer = BitWriter()
    writer.write(0, before)
    writer.write_unsigned(number)
    reader = BitReader(writer.bytes())
    reader.read(before)
    assert reader.read_unsigned() == number


def test_a_number_as_the_standard_writes_it() -> None:
    """EXI 1.0, section 7.1.6: 300 is 0xAC 0x02."""
    writer = BitWriter()
    writer.write_unsigned(300)
    assert writer.bytes() == b"\xac\x02"


def test_past_the_end() -> None:
    with pytest.raises(CannotDecode, match="too early"):
        BitReader(b"\xff").read(9)


def test_a_number_without_end() -> None:
    with pytest.raises(CannotDecode, match="more than 23 groups"):
        BitReader(b"\xff" * 1000).read_unsigned()
