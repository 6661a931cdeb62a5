"""DER as meters write it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from drivers.signed.der import DerError, first_element, p256_public_key, shortest


def der(r: bytes, s: bytes) -> bytes:
    body = b"\x02" + bytes((len(r),)) + r + b"\x02" + bytes((len(s),)) + s
    return b"\x30" + (bytes((len(body),)) if len(body) < 0x80 else b"\x81" + bytes((len(body),))) + body


NUMBERS = st.integers(1, 2**384 - 1)


@given(NUMBERS, NUMBERS, st.integers(0, 3), st.integers(0, 3))
def test_superfluous_zeros_go_and_the_numbers_stay(r: int, s: int, before_r: int, before_s: int) -> None:
    proper = encode_dss_signature(r, s)
    size_r, size_s = (r.bit_length() // 8 + 1, s.bit_length() // 8 + 1)
    padded = der(r.to_bytes(size_r + before_r, "big"), s.to_bytes(size_s + before_s, "big"))
    assert shortest(padded) == proper
    assert shortest(proper) == proper
    assert decode_dss_signature(shortest(padded)) == (r, s)


def test_a_zero_that_keeps_a_number_positive_is_not_superfluous() -> None:
    assert shortest(der(b"\x00\x80", b"\x00\x00\x7f")) == der(b"\x00\x80", b"\x7f")


def test_a_number_of_nothing_but_zeros_keeps_one() -> None:
    assert shortest(der(b"\x00\x00", b"\x01")) == der(b"\x00", b"\x01")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x31\x06\x02\x01\x01\x02\x01\x01",
        b"\x30\x07\x02\x01\x01\x02\x01\x01",
        b"\x30\x06\x03\x01\x01\x02\x01\x01",
        b"\x30\x06\x02\x05\x01\x02\x01\x01",
        b"\x30\x05\x02\x00\x02\x01\x01",
        b"\x30\x03\x02\x01\x01",
        b"\x30\x06\x02\x01\x01\x02\x01\x01\x00",
        b"\x30\x84\x00\x00\x00\x06\x02\x01\x01\x02\x01\x01",
        b"\x30\x80\x02\x01\x01\x02\x01\x01",
    ],
)
def test_what_is_no_signature_is_told(data: bytes) -> None:
    with pytest.raises(DerError):
        shortest(data)


@given(st.binary(max_size=100))
def test_no_bytes_do_anything_else_than_fail(data: bytes) -> None:
    try:
        repaired = shortest(data)
    except DerError:
        return
    assert shortest(repaired) == repaired


def test_what_fills_up_the_registers_is_cut_off() -> None:
    assert first_element(b"\x30\x02\x05\x00\x00\x00") == b"\x30\x02\x05\x00"
    with pytest.raises(DerError):
        first_element(bytes(10))


def test_a_point_must_be_whole() -> None:
    with pytest.raises(DerError, match="63"):
        p256_public_key(bytes(63))
