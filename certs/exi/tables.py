"""The grammars of one schema set, as `certs.exi.generate` wrote them.

A type is a list of states. In a state some productions are possible, in the order of their event codes: one
more bit pattern than there are productions stands for what the schema does not foresee: it is refused here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Name = Literal["app_protocol", "din", "iso2", "iso20_common", "iso20_ac", "iso20_dc", "xmldsig"]

SAME_RUN = -1
"""Instead of the number of the next state: the one after this (states of a repeated element)."""


class Event(IntEnum):
    """What a production stands for."""

    ATTRIBUTE = 0
    ELEMENT = 1
    VALUE = 2
    END = 3
    REFUSED = 4
    """An element or text of any kind: the schema allows it, nobody needs it, and it is not taken."""


class Form(IntEnum):
    """How a value is written."""

    STRING = 0
    BOOLEAN = 1
    BASE64 = 2
    HEX = 3
    INTEGER = 4
    WORD = 5
    """One of an enumeration."""


@dataclass(frozen=True, slots=True)
class ValueType:
    """A simple type: numbers have bounds, strings and bytes a greatest length, enumerations words."""

    form: Form
    least: int | None = None
    most: int | None = None
    words: tuple[str, ...] = ()

    small_bits: int | None = None
    """In how many bits a number is written that has at most 4096 values (EXI 1.0, section 7.1.5)."""

    @property
    def word_bits(self) -> int:
        """In how many bits a word of the enumeration is written."""
        return (len(self.words) - 1).bit_length()


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute as its element has it."""

    name: str
    namespace: str
    value: ValueType


@dataclass(slots=True, eq=False)
class Element:
    """An element as a type declares it. Its grammar is set once all are there: types refer to each other."""

    name: str
    namespace: str
    grammar: Grammar = field(init=False, repr=False)
    key: tuple[str, str] = field(init=False, repr=False)
    """What its strings are remembered under."""

    def __post_init__(self) -> None:
        self.key = self.name, self.namespace


@dataclass(frozen=True, slots=True)
class Production:
    """One event that is possible in a state, and the state after it."""

    event: Event
    following: int
    element: Element | None = None
    attribute: Attribute | None = None
    value: ValueType | None = None
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What may come next; the productions' positions are their event codes. Writers look them up by name."""

    productions: tuple[Production, ...]
    bits: int
    by_name: dict[str, tuple[int, Production]]
    end: tuple[int, Production] | None


@dataclass(frozen=True, slots=True)
class Grammar:
    """A type. `is_bare` types have a value and nothing else."""

    states: tuple[State, ...]
    is_bare: bool


@dataclass(frozen=True, slots=True)
class Relaxed:
    """How a fragment writes an element whose name stands for several types (EXI 1.0, section 8.5.3)."""

    attributes: tuple[tuple[str, str], ...]
    own: frozenset[tuple[str, str]]
    elements: int


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema set: what a document or a fragment may begin with, by name."""

    name: str
    documents: dict[str, int]
    fragments: dict[str, int]
    roots: tuple[Element, ...]
    parts: tuple[Element, ...]
    relaxed: dict[str, Relaxed]


TEXT = "value"
"""The name of an element's text, beside its attributes."""
_FEW = 4096


@cache
def schema(name: Name) -> Schema:
    """Return the grammars of a schema set; they are read when they are first asked for."""
    text = (files("certs.exi") / "tables" / f"{name}.json").read_text("ascii")
    return read_schema(name, json.loads(text))


def read_schema(name: str, table: dict[str, Any]) -> Schema:
    """Return the schema set that a table describes."""
    values = tuple(_value_type(row) for row in table["values"])
    attributes = tuple(Attribute(local, space, values[kind]) for local, space, kind in table["attributes"])
    elements = tuple(Element(local, space) for local, space, _ in table["elements"])
    grammars = tuple(_grammar(rows, elements, attributes, values) for rows in table["types"])
    for element, (_, _, kind) in zip(elements, table["elements"], strict=True):
        element.grammar = grammars[kind]
    roots = tuple(elements[number] for number in table["documents"])
    parts = tuple(elements[number] for number in table["fragments"])
    every = tuple((local, space) for local, space in table["every_attribute"])
    return Schema(
        name=name,
        documents={element.name: code for code, element in enumerate(roots)},
        fragments={element.name: code for code, element in enumerate(parts)},
        roots=roots,
        parts=parts,
        relaxed={
            local: Relaxed(every, frozenset((name, space) for name, space in own), len(parts))
            for local, own in table["relaxed"].items()
        },
    )


def _value_type(row: list[Any]) -> ValueType:
    form, least, most, words = row
    return value_type(Form(form), least, most, tuple(words))


def value_type(
    form: Form, least: int | None = None, most: int | None = None, words: tuple[str, ...] = ()
) -> ValueType:
    """Return a type with what follows from its bounds."""
    is_small = form is Form.INTEGER and least is not None and most is not None and most - least < _FEW
    return ValueType(form, least, most, words, (most - least).bit_length() if is_small else None)  # type: ignore[operator]  # both are there


def _grammar(
    rows: list[list[Any]],
    elements: tuple[Element, ...],
    attributes: tuple[Attribute, ...],
    values: tuple[ValueType, ...],
) -> Grammar:
    """Return a type from runs of like states: how many, and their productions."""
    states: list[State] = []
    for count, productions in rows:
        made = tuple(_production(row, elements, attributes, values) for row in productions)
        states += [_state(made)] * count
    first = states[0].productions
    return Grammar(tuple(states), is_bare=len(first) == 1 and first[0].event is Event.VALUE)


def _state(productions: tuple[Production, ...]) -> State:
    by_name: dict[str, tuple[int, Production]] = {}
    end = None
    for code, production in enumerate(productions):
        named = production.element or production.attribute
        if named is not None:
            by_name.setdefault(named.name, (code, production))
        elif production.value is not None:
            by_name[TEXT] = code, production
        elif production.event is Event.END:
            end = code, production
    return State(productions, len(productions).bit_length(), by_name, end)


def _production(
    row: list[int],
    elements: tuple[Element, ...],
    attributes: tuple[Attribute, ...],
    values: tuple[ValueType, ...],
) -> Production:
    kind, operand, following, is_repeated = row
    event = Event(kind)
    return Production(
        event=event,
        following=following,
        element=elements[operand] if event is Event.ELEMENT else None,
        attribute=attributes[operand] if event is Event.ATTRIBUTE else None,
        value=values[operand] if event is Event.VALUE else None,
        is_repeated=bool(is_repeated),
    )
