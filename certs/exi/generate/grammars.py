"""Turns the types of a schema set into states and productions (EXI 1.0, 8.5.4), and writes the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from certs.exi.generate.schemas import UNBOUNDED, Complex, Declared, Particle, QName, Schemas, Simple, TypeKey
from certs.exi.tables import SAME_RUN, Event, Form

Rest = tuple[tuple[Particle, int, int], "Rest"] | None
"""What may still come: a part, how often it must and may, and what follows it."""


@dataclass(frozen=True, slots=True)
class _AtAttribute:
    number: int


@dataclass(frozen=True, slots=True)
class _AtContent:
    rest: Rest


@dataclass(frozen=True, slots=True)
class _AtValue:
    pass


@dataclass(frozen=True, slots=True)
class _AtEnd:
    pass


Place = _AtAttribute | _AtContent | _AtValue | _AtEnd
Found = tuple[list[tuple[Particle, Declared | None, Rest]], bool]
Step = tuple[Event, Any, Place, bool]
"""An event, what it is of, the place after it, and whether its element may come again."""


def table_of(schemas: Schemas) -> dict[str, Any]:
    """Return the table of a schema set, as `certs.exi.tables.read_schema` reads it."""
    return _Table(schemas).write()


class _Table:
    """Numbers everything in the order in which it is met."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._values: dict[Simple, int] = {}
        self._attributes: dict[tuple[QName, Simple], int] = {}
        self._elements: dict[Declared, int] = {}
        self._types: dict[TypeKey, int] = {}
        self._rows: list[list[Any]] = []

    def write(self) -> dict[str, Any]:
        documents = [self._element(one) for one in self._schemas.documents]
        fragments = [self._element(every[0]) for every in self._schemas.declarations.values()]
        while len(self._rows) < len(self._types):
            kind = list(self._types)[len(self._rows)]
            self._rows.append(_runs(self._states(self._schemas.type_of(kind))))
        return {
            "values": [[Form[kind.form], kind.least, kind.most, list(kind.words)] for kind in self._values],
            "attributes": [[*name, self._values[kind]] for name, kind in self._attributes],
            "elements": [[*one.name, self._types[one.kind]] for one in self._elements],
            "types": self._rows,
            "documents": documents,
            "fragments": fragments,
            "every_attribute": self._schemas.attributes,
            "relaxed": dict(self._relaxed()),
        }

    def _relaxed(self) -> Iterator[tuple[str, list[QName]]]:
        for name, every in self._schemas.declarations.items():
            kinds = {one.kind for one in every}
            if len(kinds) > 1:
                own = {use.name for kind in kinds for use in self._schemas.type_of(kind).attributes}
                yield name[0], sorted(own)

    def _element(self, declared: Declared) -> int:
        self._types.setdefault(declared.kind, len(self._types))
        return self._elements.setdefault(declared, len(self._elements))

    def _value(self, kind: Simple) -> int:
        return self._values.setdefault(kind, len(self._values))

    def _states(self, kind: Complex) -> list[list[list[int]]]:
        start: Place = _AtAttribute(0) if kind.attributes else _content_start(kind)
        numbers: dict[Place, int] = {start: 0}
        states: list[list[list[int]]] = []
        while len(states) < len(numbers):
            place = list(numbers)[len(states)]
            rows = []
            for event, operand, after, is_repeated in _steps(kind, place):
                following = (
                    0 if event in (Event.END, Event.REFUSED) else numbers.setdefault(after, len(numbers))
                )
                if following == len(states) + 1:
                    following = SAME_RUN
                rows.append([event, self._operand(event, operand), following, int(is_repeated)])
            states.append(rows)
        return states

    def _operand(self, event: Event, operand: Any) -> int:
        match event:
            case Event.ELEMENT:
                return self._element(operand)
            case Event.VALUE:
                return self._value(operand)
            case Event.ATTRIBUTE:
                self._value(operand.kind)
                return self._attributes.setdefault((operand.name, operand.kind), len(self._attributes))
            case _:
                return 0


def _runs(states: list[list[list[int]]]) -> list[list[Any]]:
    return [[len(list(same)), rows] for rows, same in groupby(states)]


def _content_start(kind: Complex) -> Place:
    if kind.value is not None:
        return _AtValue()
    content = kind.content
    return _AtContent(None if content is None else ((content, content.least, content.most), None))


def _steps(kind: Complex, place: Place) -> list[Step]:
    """Return what may come at a place, in the order of the event codes."""
    match place:
        case _AtValue():
            return [(Event.VALUE, kind.value, _AtEnd(), False)]
        case _AtEnd():
            return [(Event.END, None, place, False)]
        case _AtAttribute(number):
            return _attribute_steps(kind, number)
        case _AtContent(rest):
            return _content_steps(kind, place, rest)


def _attribute_steps(kind: Complex, number: int) -> list[Step]:
    steps: list[Step] = []
    for at, use in enumerate(kind.attributes[number:], number):
        after = _AtAttribute(at + 1) if at + 1 < len(kind.attributes) else _content_start(kind)
        steps.append((Event.ATTRIBUTE, use, after, False))
        if use.is_required:
            return steps
    return steps + _steps(kind, _content_start(kind))


def _content_steps(kind: Complex, place: Place, rest: Rest) -> list[Step]:
    found, can_end = _first(rest, set())
    steps: list[Step] = []
    seen: set[QName | None] = set()
    for particle, declared, after in found:
        name = None if declared is None else declared.name
        if name in seen:
            continue
        seen.add(name)
        event = Event.REFUSED if declared is None else Event.ELEMENT
        steps.append((event, declared, _AtContent(after), particle.is_repeated))
    steps.sort(key=lambda step: step[0] is Event.REFUSED)
    if can_end:
        steps.append((Event.END, None, place, False))
    if kind.is_mixed:
        steps.append((Event.REFUSED, None, place, False))
    return steps


def _first(rest: Rest, seen: set[Rest]) -> Found:
    """Return the elements that may come next, each with what may come after it; and if it may end here."""
    if rest is None:
        return [], True
    if rest in seen:
        return [], False
    seen.add(rest)
    (_, least, most), after = rest
    found, can_end = _within(rest, seen) if most > 0 else ([], False)
    if least == 0:
        more, ends = _first(after, seen)
        found, can_end = found + more, can_end or ends
    return found, can_end


def _within(rest: tuple[tuple[Particle, int, int], Rest], seen: set[Rest]) -> Found:
    """Return the same of a part that does come."""
    (particle, least, most), again = rest
    if most > 1:
        again = (particle, max(0, least - 1), _one_less(most)), again
    match particle.kind:
        case "element":
            return [(particle, declared, again) for declared in particle.elements], False
        case "any":
            return [(particle, None, again)], False
        case "sequence":
            chain = again
            for part in reversed(particle.parts):
                chain = (part, part.least, part.most), chain
            return _first(chain, seen)
        case "choice":
            each = [_first(((part, part.least, part.most), again), seen) for part in particle.parts]
            return [one for found, _ in each for one in found], any(ends for _, ends in each)


def _one_less(most: int) -> int:
    return most if most >= UNBOUNDED else most - 1
