"""One value by its type, into bits and out of them."""

from __future__ import annotations

from typing import TypeVar

from certs.exi.bits import BitReader, BitWriter
from certs.exi.errors import CannotDecode, CannotEncode
from certs.exi.tables import Form, ValueType

T = TypeVar("T")
Value = bool | int | str | bytes

LONGEST = 1 << 16
"""Characters or bytes where the schema sets no bound."""
_HIT_LOCAL, _HIT_GLOBAL, _MISS = 0, 1, 2
_CHARACTER_BITS = 8
"""The least that one takes."""
_SURROGATES = range(0xD800, 0xE000)
_CHARACTERS = 0x110000


class Strings:
    """The strings of one message so far, to write one again by its number (EXI 1.0, section 7.3.1)."""

    __slots__ = ("_all", "_by_name")

    def __init__(self) -> None:
        self._all: list[str] = []
        self._by_name: dict[tuple[str, str], list[str]] = {}

    def of(self, name: tuple[str, str]) -> list[str]:
        """Return the strings that elements or attributes of this name had, in order."""
        return self._by_name.setdefault(name, [])

    @property
    def all(self) -> list[str]:
        """The strings of all, in order."""
        return self._all

    def add(self, name: tuple[str, str], text: str) -> None:
        """Remember a string that was written out; the empty one never is."""
        if text:
            self.of(name).append(text)
            self._all.append(text)


def write_value(
    writer: BitWriter, kind: ValueType, value: object, name: tuple[str, str], strings: Strings | None
) -> None:
    """Write a value; with `strings`, one that came before by its number.

    Raises:
        CannotEncode: If it is not of this type.
    """
    match kind.form:
        case Form.STRING:
            _write_string(writer, kind, _expect(value, str), name, strings)
        case Form.BOOLEAN:
            writer.write(int(_expect(value, bool)), 1)
        case Form.BASE64 | Form.HEX:
            _write_bytes(writer, kind, _expect(value, bytes))
        case Form.INTEGER:
            _write_integer(writer, kind, _expect(value, int))
        case Form.WORD:
            word = _expect(value, str)
            if word not in kind.words:
                raise CannotEncode(f"{word!r} is none of {', '.join(kind.words)}")
            writer.write(kind.words.index(word), kind.word_bits)


def read_value(reader: BitReader, kind: ValueType, name: tuple[str, str], strings: Strings) -> Value:
    """Read a value.

    Raises:
        CannotDecode: If the bits are none of this type.
    """
    match kind.form:
        case Form.STRING:
            return _read_string(reader, kind, name, strings)
        case Form.BOOLEAN:
            return bool(reader.read(1))
        case Form.BASE64 | Form.HEX:
            return _read_bytes(reader, kind)
        case Form.INTEGER:
            return _read_integer(reader, kind)
        case Form.WORD:
            number = reader.read(kind.word_bits)
            if number >= len(kind.words):
                raise CannotDecode(f"no word {number} in {', '.join(kind.words)}")
            return kind.words[number]


def _expect(value: object, kind: type[T]) -> T:
    if isinstance(value, kind) and (kind is not int or not isinstance(value, bool)):
        return value
    raise CannotEncode(f"{value!r} is no {kind.__name__}")


def _check_length(kind: ValueType, length: int, error: type[CannotEncode] | type[CannotDecode]) -> None:
    most = LONGEST if kind.most is None else kind.most
    if length > most or length < (kind.least or 0):
        raise error(f"a length of {length}, the schema has {kind.least or 0} to {most}")


def _write_string(
    writer: BitWriter, kind: ValueType, text: str, name: tuple[str, str], strings: Strings | None
) -> None:
    _check_length(kind, len(text), CannotEncode)
    if strings is not None:
        for mark, known in ((_HIT_LOCAL, strings.of(name)), (_HIT_GLOBAL, strings.all)):
            if text in known:
                writer.write_unsigned(mark)
                writer.write(known.index(text), (len(known) - 1).bit_length())
                return
        strings.add(name, text)
    writer.write_unsigned(len(text) + _MISS)
    for character in text:
        writer.write_unsigned(ord(character))


def _read_string(reader: BitReader, kind: ValueType, name: tuple[str, str], strings: Strings) -> str:
    mark = reader.read_unsigned()
    if mark < _MISS:
        text = _known(reader, strings.of(name) if mark == _HIT_LOCAL else strings.all)
        _check_length(kind, len(text), CannotDecode)
        return text
    length = mark - _MISS
    _check_length(kind, length, CannotDecode)
    if length * _CHARACTER_BITS > reader.left_bits:
        raise CannotDecode("the message ends within a string")
    text = "".join([_character(reader.read_unsigned()) for _ in range(length)])
    strings.add(name, text)
    return text


def _known(reader: BitReader, known: list[str]) -> str:
    if not known:
        raise CannotDecode("a string is said to be known, and none is")
    number = reader.read((len(known) - 1).bit_length())
    if number >= len(known):
        raise CannotDecode(f"string {number} is said to be known, there are {len(known)}")
    return known[number]


def _character(code: int) -> str:
    if code >= _CHARACTERS or code in _SURROGATES:
        raise CannotDecode(f"no character has the number {code}")
    return chr(code)


def _write_bytes(writer: BitWriter, kind: ValueType, data: bytes) -> None:
    _check_length(kind, len(data), CannotEncode)
    writer.write_unsigned(len(data))
    writer.write(int.from_bytes(data, "big"), 8 * len(data))


def _read_bytes(reader: BitReader, kind: ValueType) -> bytes:
    length = reader.read_unsigned()
    _check_length(kind, length, CannotDecode)
    return reader.read(8 * length).to_bytes(length, "big")


def _write_integer(writer: BitWriter, kind: ValueType, number: int) -> None:
    _check_range(kind, number, CannotEncode)
    if (bits := kind.small_bits) is not None:
        writer.write(number - (kind.least or 0), bits)
    elif kind.least is not None and kind.least >= 0:
        writer.write_unsigned(number)
    else:
        writer.write(int(number < 0), 1)
        writer.write_unsigned(-number - 1 if number < 0 else number)


def _read_integer(reader: BitReader, kind: ValueType) -> int:
    if (bits := kind.small_bits) is not None:
        number = reader.read(bits) + (kind.least or 0)
    elif kind.least is not None and kind.least >= 0:
        number = reader.read_unsigned()
    else:
        is_negative = reader.read(1)
        number = reader.read_unsigned()
        number = -number - 1 if is_negative else number
    _check_range(kind, number, CannotDecode)
    return number


def _check_range(kind: ValueType, number: int, error: type[CannotEncode] | type[CannotDecode]) -> None:
    if (kind.least is not None and number < kind.least) or (kind.most is not None and number > kind.most):
        raise error(f"{number} is not within {kind.least} to {kind.most}")
