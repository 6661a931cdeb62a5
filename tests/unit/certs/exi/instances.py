"""Random messages of a schema set, made by walking its grammars."""

from __future__ import annotations

from random import Random
from typing import Any

from certs.exi.tables import SAME_RUN, Element, Event, Form, Production, Schema, ValueType

MOST_REPEATS = 3
LONGEST = 40
BEYOND = 1 << 40
TEXT = "ZürichąABCabc019-"


AVOIDED = {
    "KeyInfo",
    "Object",
    "BodyElement",
    "EVChargeParameter",
    "EVSEChargeParameter",
    "EVPowerDeliveryParameter",
    "EVStatus",
    "EVSEStatus",
    "SASchedules",
    "CLReqControlMode",
    "CLResControlMode",
    "TimeInterval",
}
"""Left out where it may be: what nobody uses, and abstract elements, which only stand for others."""


class Hex(bytes):
    """Bytes that XML writes in hexadecimal."""


class NobodyCanMakeOne(Exception):
    """The schema wants an element of any kind, which this codec does not take."""


def message(schema: Schema, name: str, random: Random) -> Any:
    """Return a message of this name."""
    return _element(schema.roots[schema.documents[name]], random)


def part(schema: Schema, name: str, random: Random) -> Any:
    """Return what an element of this name may hold in a fragment."""
    return _element(schema.parts[schema.fragments[name]], random)


def _element(element: Element, random: Random) -> Any:
    states, number = element.grammar.states, 0
    made: dict[str, Any] = {}
    while True:
        production = _chosen(states[number].productions, made, random)
        if production.event is Event.END:
            return made["value"] if element.grammar.is_bare else made
        if production.element is not None:
            value = _element(production.element, random)
            if production.is_repeated:
                made.setdefault(production.element.name, []).append(value)
            else:
                made[production.element.name] = value
        elif production.attribute is not None:
            made[production.attribute.name] = _value(production.attribute.value, random)
        elif production.value is not None:
            made["value"] = _value(production.value, random)
        number = number + 1 if production.following == SAME_RUN else production.following


def _chosen(productions: tuple[Production, ...], made: dict[str, Any], random: Random) -> Production:
    possible = [one for one in productions if one.event is not Event.REFUSED]
    if not possible:
        raise NobodyCanMakeOne
    if possible[-1].event is Event.END and random.random() < 0.2:
        return possible[-1]
    return random.choice([one for one in possible if _is_wanted(one, made)] or possible)


def _is_wanted(production: Production, made: dict[str, Any]) -> bool:
    if production.element is None:
        return True
    there = made.get(production.element.name, ())
    return production.element.name not in AVOIDED and (
        not isinstance(there, list) or len(there) < MOST_REPEATS
    )


def _value(kind: ValueType, random: Random) -> Any:
    match kind.form:
        case Form.STRING:
            return "".join(random.choices(TEXT, k=_length(kind, random)))
        case Form.BOOLEAN:
            return random.random() < 0.5
        case Form.BASE64:
            return random.randbytes(_length(kind, random))
        case Form.HEX:
            return Hex(random.randbytes(_length(kind, random)))
        case Form.INTEGER:
            least = -BEYOND if kind.least is None else kind.least
            most = BEYOND if kind.most is None else kind.most
            return random.choice([least, most, random.randint(least, most)])
        case Form.WORD:
            return random.choice(kind.words)


def _length(kind: ValueType, random: Random) -> int:
    least = kind.least or 1
    return random.randint(least, max(least, min(LONGEST, LONGEST if kind.most is None else kind.most)))
