from __future__ import annotations

from typing import Any

import pytest

from certs.exi.bits import BitReader, BitWriter
from certs.exi.errors import CannotDecode, CannotEncode
from certs.exi.tables import Form, ValueType, value_type
from certs.exi.values import Strings, read_value, write_value

NAME = ("Element", "urn:example")


def written(kind: ValueType, value: object) -> bytes:
    writer = BitWriter()
    write_value(writer, kind, value, NAME, None)
    return writer.bytes()


@pytest.mark.parametrize(
    ("kind", "value", "data"),
    [
        (value_type(Form.BOOLEAN), True, b"\x80"),
        (value_type(Form.INTEGER, -3, 3), 3, b"\xc0"),
        (value_type(Form.INTEGER, 0, 255), 200, b"\xc8"),
        (value_type(Form.INTEGER, 0, 65535), 300, b"\xac\x02"),
        (value_type(Form.INTEGER, -32768, 32767), -1, b"\x80\x00"),
        (value_type(Form.INTEGER, -32768, 32767), 1, b"\x00\x80"),
        (value_type(Form.STRING), "Zü", b"\x04\x5a\xfc\x01"),
        (value_type(Form.BASE64), b"\x01\xff", b"\x02\x01\xff"),
        (value_type(Form.WORD, words=("a", "b", "c")), "c", b"\x80"),
        (value_type(Form.WORD, words=("only",)), "only", b""),
    ],
)
def test_a_value_of_each_form(kind: ValueType, value: object, data: bytes) -> None:
    assert written(kind, value) == data
    assert read_value(BitReader(data), kind, NAME, Strings()) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (value_type(Form.BOOLEAN), 1),
        (value_type(Form.INTEGER, 0, 9), True),
        (value_type(Form.INTEGER, 0, 9), 10),
        (value_type(Form.INTEGER, -5), -6),
        (value_type(Form.STRING, None, 3), "long"),
        (value_type(Form.STRING, 3), "ab"),
        (value_type(Form.HEX, 8, 8), bytes(7)),
        (value_type(Form.WORD, words=("a",)), "b"),
        (value_type(Form.STRING), b"bytes"),
        (value_type(Form.BASE64), "text"),
    ],
)
def test_a_value_that_its_type_has_not(kind: ValueType, value: Any) -> None:
    with pytest.raises(CannotEncode):
        written(kind, value)


@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        (value_type(Form.INTEGER, 1, 6), b"\xe0", "8 is not within 1 to 6"),
        (value_type(Form.WORD, words=("a", "b", "c")), b"\xc0", "no word 3"),
        (value_type(Form.STRING), b"\x00", "none is"),
        (value_type(Form.STRING), b"\x01", "none is"),
        (value_type(Form.STRING, None, 3), b"\x06abcd", "a length of 4"),
        (value_type(Form.STRING), b"\x7fabcd", "ends within a string"),
        (value_type(Form.STRING), b"\x03\x80\xb0\x03", "no character has the number 55296"),
        (value_type(Form.BASE64), b"\xff\xff\xff\x7f", "a length of"),
        (value_type(Form.BASE64), b"\x09abc", "too early"),
    ],
)
def test_bits_that_are_no_value(kind: ValueType, data: bytes, why: str) -> None:
    with pytest.raises(CannotDecode, match=why):
        read_value(BitReader(data), kind, NAME, Strings())


def test_a_known_string_whose_number_is_too_high() -> None:
    strings = Strings()
    for text in ("a", "b", "c"):
        strings.add(NAME, text)
    with pytest.raises(CannotDecode, match="string 3 is said to be known, there are 3"):
        read_value(BitReader(b"\x00\xc0"), value_type(Form.STRING), NAME, strings)
