"""Messages to EXI and back, by the grammars of a schema set.

A message is what its elements hold: a mapping of names to values for a type that has attributes or elements
(the text of one that has attributes, too, is under `value`), a list where an element may come more than once,
and the value itself for a simple type. Base64 and hex are bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from certs.exi.bits import BitReader, BitWriter
from certs.exi.errors import CannotDecode, CannotEncode
from certs.exi.tables import (
    SAME_RUN,
    TEXT,
    Element,
    Event,
    Form,
    Production,
    Relaxed,
    Schema,
    State,
    ValueType,
)
from certs.exi.values import Strings, read_value, write_value

HEADER = 0x80
"""The distinguishing bits, no options, version 1 (EXI 1.0, section 5)."""
DEEPEST = 16
_RELAXED_TEXT = ValueType(Form.STRING)


def encode(schema: Schema, name: str, message: object, *, reuses_strings: bool = False) -> bytes:
    """Return a document. With `reuses_strings`, a string that came before is written by its number.

    Raises:
        CannotEncode: If there is no such document, or the message does not keep to its schema.
    """
    code = schema.documents.get(name)
    if code is None:
        raise CannotEncode(f"{schema.name} has no message {name!r}")
    writer = _begun(code, len(schema.roots))
    _Encoder(writer, Strings() if reuses_strings else None).element(schema.roots[code], message)
    return writer.bytes()


def encode_fragment(schema: Schema, name: str, message: object, *, reuses_strings: bool = False) -> bytes:
    """Return a part of a document as signatures are made over it (EXI 1.0, 8.5.2); raises as `encode`."""
    code = schema.fragments.get(name)
    if code is None:
        raise CannotEncode(f"{schema.name} has no element {name!r}")
    writer = _begun(code, len(schema.parts) + 1)
    encoder = _Encoder(writer, Strings() if reuses_strings else None)
    if (relaxed := schema.relaxed.get(name)) is not None:
        encoder.relaxed(schema.parts[code], relaxed, message)
    else:
        encoder.element(schema.parts[code], message)
    writer.write(len(schema.parts) + 1, (len(schema.parts) + 1).bit_length())
    return writer.bytes()


def decode(schema: Schema, data: bytes) -> tuple[str, Any]:
    """Return a document's name and message.

    Raises:
        CannotDecode: If the bytes are none of this schema set, or end too early.
    """
    reader = BitReader(data)
    if reader.read(8) != HEADER:
        raise CannotDecode("no EXI, or EXI with options")
    code = reader.read(len(schema.roots).bit_length())
    if code >= len(schema.roots):
        raise CannotDecode(f"{schema.name} has no message of number {code}")
    root = schema.roots[code]
    return root.name, _Decoder(reader).element(root, 1)


def _begun(code: int, last: int) -> BitWriter:
    writer = BitWriter()
    writer.write(HEADER, 8)
    writer.write(code, last.bit_length())
    return writer


class _Encoder:
    """Writes one message."""

    __slots__ = ("_strings", "_writer")

    def __init__(self, writer: BitWriter, strings: Strings | None) -> None:
        self._writer = writer
        self._strings = strings

    def element(self, element: Element, message: object) -> None:
        """Write what an element holds."""
        try:
            if element.grammar.is_bare:
                self._bare(element, message)
            else:
                self._full(element, message)
        except CannotEncode as error:
            raise CannotEncode(error.why, (element.name, *error.path)) from None

    def _full(self, element: Element, message: object) -> None:
        states, number, left = element.grammar.states, 0, _pending(message)
        while True:
            state = states[number]
            code, production = _choose(state, left)
            self._writer.write(code, state.bits)
            if production.event is Event.END:
                break
            self._one(production, element, left)
            number = number + 1 if production.following == SAME_RUN else production.following
        if left:
            raise CannotEncode(f"no place for {', '.join(left)}")

    def _bare(self, element: Element, value: object) -> None:
        """Write a value and nothing else: its one event, the value, its end."""
        kind = element.grammar.states[0].productions[0].value
        assert kind is not None
        self._writer.write(0, 1)
        write_value(self._writer, kind, value, element.key, self._strings)
        self._writer.write(0, 1)

    def _one(self, production: Production, element: Element, left: dict[str, list[object]]) -> None:
        if (inner := production.element) is not None:
            self.element(inner, _take(left, inner.name))
        elif (attribute := production.attribute) is not None:
            value = _take(left, attribute.name)
            key = attribute.name, attribute.namespace
            write_value(self._writer, attribute.value, value, key, self._strings)
        elif production.value is not None:
            write_value(self._writer, production.value, _take(left, TEXT), element.key, self._strings)

    def relaxed(self, element: Element, relaxed: Relaxed, message: object) -> None:
        """Write an element whose name has several types in this schema set: attributes, then text."""
        left = _pending(message if isinstance(message, Mapping) else {TEXT: message})
        attributes, elements = len(relaxed.attributes), relaxed.elements
        first, later = (attributes + elements + 4).bit_length(), (elements + 3).bit_length()
        for code, key in enumerate(relaxed.attributes):
            if key in relaxed.own and key[0] in left:
                self._writer.write(code, first)
                write_value(self._writer, _RELAXED_TEXT, _take(left, key[0]), key, self._strings)
        self._writer.write(attributes + elements + 3, first)
        write_value(self._writer, _RELAXED_TEXT, _take(left, TEXT), element.key, self._strings)
        self._writer.write(elements + 1, later)


def _pending(message: object) -> dict[str, list[object]]:
    """Return what is to be written, by name, the last first; a member that is None or empty is not there."""
    if not isinstance(message, Mapping):
        raise CannotEncode(f"{message!r} is no mapping of elements")
    return {
        name: list(reversed(value)) if isinstance(value, list | tuple) else [value]
        for name, value in message.items()
        if value is not None and value != []
    }


def _take(left: dict[str, list[object]], name: str) -> object:
    values = left.get(name)
    if values is None:
        raise CannotEncode(f"{name} is missing")
    value = values.pop()
    if not values:
        del left[name]
    return value


def _choose(state: State, left: Mapping[str, list[object]]) -> tuple[int, Production]:
    """Return the first production that there is something for, else the end."""
    by_name = state.by_name
    possible = [by_name[name] for name in left if name in by_name]
    if possible:
        return possible[0] if len(possible) == 1 else min(possible, key=itemgetter(0))
    if state.end is None:
        raise CannotEncode(f"{', '.join(by_name) or 'an element of any kind'} is missing")
    return state.end


class _Decoder:
    """Reads one message."""

    __slots__ = ("_reader", "_strings")

    def __init__(self, reader: BitReader) -> None:
        self._reader = reader
        self._strings = Strings()

    def element(self, element: Element, depth: int) -> Any:
        """Return what an element holds."""
        if element.grammar.is_bare:
            return self._bare(element)
        if depth > DEEPEST:
            raise CannotDecode(f"{element.name}: nested too deeply")
        read: dict[str, Any] = {}
        states, number = element.grammar.states, 0
        while True:
            state = states[number]
            code = self._reader.read(state.bits)
            if code >= len(state.productions):
                raise CannotDecode(f"{element.name}: what comes is not in the schema")
            production = state.productions[code]
            if production.event is Event.END:
                return read
            self._one(production, element, read, depth)
            number = number + 1 if production.following == SAME_RUN else production.following

    def _bare(self, element: Element) -> Any:
        """Return a value that nothing is around: its one event, the value, its end."""
        kind = element.grammar.states[0].productions[0].value
        assert kind is not None
        event = self._reader.read(1)
        value = read_value(self._reader, kind, element.key, self._strings)
        if event or self._reader.read(1):
            raise CannotDecode(f"{element.name}: what comes is not in the schema")
        return value

    def _one(self, production: Production, element: Element, read: dict[str, Any], depth: int) -> None:
        if (inner := production.element) is not None:
            value = self.element(inner, depth + 1)
            if production.is_repeated:
                read.setdefault(inner.name, []).append(value)
            else:
                read[inner.name] = value
        elif (attribute := production.attribute) is not None:
            key = attribute.name, attribute.namespace
            read[attribute.name] = read_value(self._reader, attribute.value, key, self._strings)
        elif production.value is not None:
            read[TEXT] = read_value(self._reader, production.value, element.key, self._strings)
        else:
            raise CannotDecode(f"{element.name}: elements of any kind are not taken")
