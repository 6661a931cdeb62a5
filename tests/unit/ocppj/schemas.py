"""The JSON schemas of the `ocpp` package as a judge, and instances made from them, with single faults."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import FormatChecker
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for

from ocppj.catalog import request_type, response_type, send_type
from ocppj.errors import ErrorCode
from ocppj.messages.fields import Payload
from ocppj.messages.gathering import messages
from ocppj.messages.generate import load_schemas
from ocppj.versions import Version

Schema = Mapping[str, Any]

MODULES = {Version.V16: "v16", Version.V201: "v201", Version.V21: "v21"}
MOMENT = "2026-01-02T03:04:05.678Z"
NO_FAULT = None
SMALL_COUNT = 30

RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:(?:[0-5]\d|60))(\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
checker = FormatChecker(formats=())


@checker.checks("date-time")
def is_date_time(value: object) -> bool:
    """Say whether a string is a date-time of RFC 3339, section 5.6."""
    if not isinstance(value, str):
        return True
    found = RFC_3339.fullmatch(value)
    if found is None:
        return False
    try:
        datetime.fromisoformat(f"{found[1]}T{found[2].replace(':60', ':59')}+00:00")
    except ValueError:
        return found[1].startswith("0000")
    return True


@dataclass(frozen=True, slots=True)
class Subject:
    """One message: its type, its schema and the schema's validator."""

    name: str
    kind: type[Payload]
    schema: Schema
    validator: Validator

    def accepts(self, text: str) -> bool:
        """Say whether the schema takes a payload; fractions are exact where the schema has multiples."""
        exact = "multipleOf" in json.dumps(self.schema, default=str)
        return self.validator.is_valid(json.loads(text, parse_float=Decimal if exact else float))


@cache
def subjects(version: Version) -> tuple[Subject, ...]:
    """Return every message of the version."""
    find = {"request": request_type, "response": response_type, "send": send_type}
    return tuple(
        Subject(
            message.name,
            find[message.kind](version, message.action),
            message.schema,
            _judge(message.schema),
        )
        for message in messages(MODULES[version], load_schemas(MODULES[version]))
    )


def _judge(schema: Schema) -> Validator:
    exact = json.loads(json.dumps(schema), parse_float=Decimal)
    return validator_for(exact)(exact, format_checker=checker)


@dataclass(frozen=True, slots=True)
class Variant:
    """A payload that differs from a valid one in one place, and the code of its fault, if it is one."""

    what: str
    member: str
    fault: ErrorCode | None
    value: Any


class Instances:
    """Makes the instances of one schema; `seen` keeps a shared type from being varied in every message."""

    def __init__(self, name: str, schema: Schema, seen: set[tuple[str, str]]) -> None:
        self.name = name
        self.schema = schema
        self.definitions = schema.get("definitions", {})
        self.seen = seen

    def least(self) -> Any:
        """Return the smallest valid instance."""
        return self._build(self.schema, full=False)

    def full(self) -> Any:
        """Return a valid instance with every member."""
        return self._build(self.schema, full=True)

    def variants(self) -> Iterator[Variant]:
        """Return instances with one thing changed, for every place and every kind of change.

        They hold the changed member and otherwise what is required, since judging a large payload takes long.
        """
        return self._vary(self.schema, self.full(), self.name, "")

    def _build(self, schema: Schema, *, full: bool) -> Any:
        name, schema = self._resolve(schema)
        match schema.get("type"):
            case "object":
                required = schema.get("required", ())
                members = schema.get("properties", {}).items()
                made = {
                    key: self._build(member, full=full) for key, member in members if full or key in required
                }
                extra = {"ours": [1, "a", None]} if full and name == "CustomDataType" else {}
                return made | extra
            case "array":
                return [self._build(schema["items"], full=full)] * max(1, schema.get("minItems", 0))
            case "string":
                return self._string(schema)
            case "integer":
                return int(schema.get("minimum", schema.get("maximum", 7)))
            case "number":
                return min(16.3, schema.get("maximum", 16.3))
            case "boolean":
                return True
            case _:
                return {"any": ["thing", 1]}

    @staticmethod
    def _string(schema: Schema) -> str:
        if "enum" in schema:
            return str(schema["enum"][0])
        return MOMENT if schema.get("format") == "date-time" else "a"

    def _resolve(self, schema: Schema) -> tuple[str | None, Schema]:
        if "$ref" not in schema:
            return None, schema
        name = schema["$ref"].rsplit("/", 1)[1]
        return name, self.definitions[name]

    def _vary(self, schema: Schema, value: Any, owner: str, member: str) -> Iterator[Variant]:
        name, schema = self._resolve(schema)
        if (owner, member) not in self.seen:
            self.seen.add((owner, member))
            for what, fault, changed in self.changes(schema, value) if member else ():
                yield Variant(f"{owner}.{member}: {what}", member, fault, changed)
        match schema.get("type"):
            case "object":
                yield from self._vary_object(schema, value, name or f"{owner}.{member}")
            case "array":
                for variant in self._vary(schema["items"], value[0], owner, f"{member}[]"):
                    wrapped = [variant.value, *value[1:]]
                    yield Variant(variant.what, variant.member, variant.fault, wrapped)

    def _vary_object(self, schema: Schema, value: Any, name: str) -> Iterator[Variant]:
        least = self._build(schema, full=False)
        if (name, "") not in self.seen:
            self.seen.add((name, ""))
            for key in schema.get("required", ()):
                rest = {other: kept for other, kept in least.items() if other != key}
                yield Variant(f"{name}: no {key}", key, ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, rest)
            open_ = schema.get("additionalProperties") is not False
            fault = NO_FAULT if open_ else ErrorCode.FORMAT_VIOLATION
            yield Variant(f"{name}: unknown member", "" if open_ else "bogus", fault, least | {"bogus": 1})
        for key, member in schema.get("properties", {}).items():
            for variant in self._vary(member, value[key], name, key):
                changed = least | {key: variant.value}
                yield Variant(variant.what, variant.member, variant.fault, changed)

    def changes(self, schema: Schema, value: Any) -> Iterator[tuple[str, ErrorCode | None, Any]]:
        """Yield what can be changed about one value: wrong types, then what is peculiar to its type."""
        _, schema = self._resolve(schema)
        kind = schema.get("type")
        for name, wrong in WRONG.items():
            if kind is not None and name != kind:
                yield f"{name} for {kind}", ErrorCode.TYPE_CONSTRAINT_VIOLATION, wrong
        match kind:
            case "string":
                yield from _string_changes(schema)
            case "integer" | "number":
                yield from _number_changes(schema, kind)
            case "array":
                yield from _array_changes(schema, value)


WRONG: Mapping[str, Any] = {
    "string": "7",
    "boolean": True,
    "null": None,
    "object": {},
    "array": [],
}
"""A value of every JSON type but the numbers, of which an integer is one of the others."""

DATE_TIMES = {
    "2026-01-02T03:04:05Z": True,
    "2026-01-02t03:04:05z": True,
    "2026-01-02T03:04:05.1Z": True,
    "2026-01-02T03:04:05.123456789Z": True,
    "2026-01-02T03:04:05+01:00": True,
    "2026-01-02T03:04:05-23:59": True,
    "2028-02-29T23:59:59Z": True,
    "2026-01-02T03:04:05": False,
    "2026-01-02T03:04Z": False,
    "2026-01-02T03:04:05.Z": False,
    "2026-01-02T03:04:05,1Z": False,
    "2026-01-02T03:04:05+01": False,
    "2026-01-02T03:04:05+24:00": False,
    "2026-01-02T03:04:61Z": False,
    "2026-01-02T24:00:00Z": False,
    "2026-02-30T00:00:00Z": False,
    "2026-13-01T00:00:00Z": False,
    "2026-01-02": False,
    "20260102T030405Z": False,
    "yesterday": False,
    "": False,
}


def _string_changes(schema: Schema) -> Iterator[tuple[str, ErrorCode | None, Any]]:
    wrong = ErrorCode.PROPERTY_CONSTRAINT_VIOLATION
    yield "integer for string", ErrorCode.TYPE_CONSTRAINT_VIOLATION, 7
    if "enum" in schema:
        for allowed in schema["enum"]:
            yield f"value {allowed}", NO_FAULT, allowed
        for bad in ("Bogus", "", schema["enum"][0] + " ", schema["enum"][0].swapcase()):
            if bad not in schema["enum"]:
                yield f"value {bad!r}", wrong, bad
    elif schema.get("format") == "date-time":
        for text, fine in DATE_TIMES.items():
            yield f"date-time {text!r}", NO_FAULT if fine else wrong, text
    else:
        yield "empty", NO_FAULT, ""
        if "maxLength" in schema:
            longest = schema["maxLength"]
            for letter in ("a", "é", "\U0001f50c"):
                yield f"longest of {letter}", NO_FAULT, letter * longest
                yield f"too long of {letter}", wrong, letter * (longest + 1)


def _number_changes(schema: Schema, kind: str) -> Iterator[tuple[str, ErrorCode | None, Any]]:
    wrong = ErrorCode.PROPERTY_CONSTRAINT_VIOLATION
    least, most = schema.get("minimum"), schema.get("maximum")
    if kind == "integer":
        yield "fraction", ErrorCode.TYPE_CONSTRAINT_VIOLATION, (least or 0) + 0.5
    else:
        yield "integer for number", NO_FAULT, int(min(20, most if most is not None else 20))
    if least is None and most is None:
        yield "negative", NO_FAULT, -20
        yield "large", NO_FAULT, 2**53
    if least is not None:
        yield "least", NO_FAULT, int(least)
        yield "too little", wrong, int(least) - 1
    if most is not None:
        yield "most", NO_FAULT, int(most)
        yield "too much", wrong, int(most) + 1
    if "multipleOf" in schema:
        for tenth in (0.1, 0.3, 16.7, 1e3):
            yield f"multiple {tenth}", NO_FAULT, tenth
        for part in (0.05, 16.71, 1e-7):
            yield f"no multiple {part}", wrong, part


def _array_changes(schema: Schema, value: Any) -> Iterator[tuple[str, ErrorCode | None, Any]]:
    wrong = ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    yield "fewest", NO_FAULT, value[:1] * least
    if least > 0:
        yield "too few", wrong, value[:1] * (least - 1)
    if most is None:
        yield "many", NO_FAULT, value[:1] * SMALL_COUNT
    elif most <= SMALL_COUNT or isinstance(value[0], str | int):
        yield "most", NO_FAULT, value[:1] * most
        yield "too many", wrong, value[:1] * (most + 1)
