"""Gathers the types of a version from its JSON schemas, with the constraints as msgspec annotations.

A keyword that is not known here stops the generator: no constraint is dropped in silence, except
`format: uri`, which says nothing about validity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ocppj.messages import naming
from ocppj.messages.fields import INT64_MAX, INT64_MIN, VENDOR_ID_LENGTH

Schema = Mapping[str, Any]

SENDS = {"v21": frozenset({"NotifyPeriodicEventStream"})}
PROSE = {"$schema", "$id", "comment", "definitions", "default", "description", "javaType", "title"}
KEYWORDS = {
    "array": {"additionalItems", "items", "maxItems", "minItems"},
    "boolean": set(),
    "integer": {"maximum", "minimum"},
    "number": {"maximum", "minimum", "multipleOf"},
    "object": {"additionalProperties", "properties", "required"},
    "string": {"additionalProperties", "enum", "format", "maxLength"},
}


class UncoveredSchema(Exception):
    """A schema says something that the generator cannot express."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a struct: its wire name, attribute, annotation and whether it must be there."""

    wire: str
    attribute: str
    annotation: str
    required: bool


@dataclass(frozen=True, slots=True)
class Message:
    """One message schema: `AuthorizeRequest` is the request of `Authorize`."""

    name: str
    action: str
    kind: str
    schema: Schema


@dataclass(slots=True)
class Module:
    """The types of one version, as they are gathered from its schemas."""

    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    structs: dict[str, tuple[Member, ...]] = field(default_factory=dict)
    users: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def add_enum(self, name: str, values: tuple[str, ...], message: str) -> str:
        """Register an enumeration and return its name, another one if the name is taken by other values."""
        if self.enums.get(name, values) != values:
            name = f"{name}Of{message}"
        self.enums[name] = values
        return name

    def add_struct(self, name: str, members: tuple[Member, ...], message: str) -> str:
        """Register a struct and return its name, another one if the name is taken by other members."""
        if self.structs.get(name, members) != members:
            name = f"{name}Of{message}"
        self.structs[name] = members
        users = self.users.setdefault(name, [])
        if message not in users:
            users.append(message)
        return name


class Reader:
    """Reads one message's schema into the module."""

    def __init__(self, module: Module, message: Message) -> None:
        self.module = module
        self.message = message

    def read(self) -> None:
        """Register the message and every type that it uses."""
        self._struct(self.message.name, self.message.schema)

    def _struct(self, name: str, schema: Schema) -> str:
        check_keywords(schema)
        if schema.get("additionalProperties") is not False:
            return self._open_struct(name, schema)
        required = schema.get("required", ())
        properties = schema.get("properties", {})
        if missing := set(required) - set(properties):
            raise UncoveredSchema(f"{self.message.name}: {name} requires undeclared {sorted(missing)}")
        members = tuple(
            Member(wire, naming.attribute(wire), self._annotation(member, name, wire), wire in required)
            for wire, member in properties.items()
        )
        return self.module.add_struct(name, members, self.message.name)

    def _open_struct(self, name: str, schema: Schema) -> str:
        vendor_id = schema.get("properties", {}).get("vendorId", {})
        known = name == "CustomDataType" and schema.get("required") == ["vendorId"]
        if not known or vendor_id.get("maxLength") != VENDOR_ID_LENGTH or len(schema["properties"]) != 1:
            raise UncoveredSchema(f"{self.message.name}: {name} is open to any member")
        return self._use("CustomDataType")

    def _annotation(self, schema: Schema, owner: str, wire: str) -> str:
        if "$ref" in schema:
            name = schema["$ref"].removeprefix("#/definitions/")
            return self._typed(self.message.schema["definitions"][name], owner, wire, name)
        return self._typed(schema, owner, wire, None)

    def _typed(self, schema: Schema, owner: str, wire: str, name: str | None) -> str:
        check_keywords(schema)
        match schema.get("type"):
            case None:
                return self._use("Any")
            case "object":
                return self._struct(name or naming.inline_type(owner, wire), schema)
            case "array":
                return self._array(schema, owner, wire)
            case "string":
                return self._string(schema, owner, wire, name)
            case "integer":
                return self._integer(schema)
            case "number":
                return self._number(schema, wire)
            case "boolean":
                return "bool"
            case other:
                raise UncoveredSchema(f"{self.message.name}: {owner}.{wire} has type {other}")

    def _array(self, schema: Schema, owner: str, wire: str) -> str:
        kind = f"tuple[{self._annotation(schema['items'], owner, wire)}, ...]"
        meta = _meta({"min_length": schema.get("minItems"), "max_length": schema.get("maxItems")})
        if meta is None:
            return kind
        count = self._alias(f"Items{_span(schema.get('minItems'), schema.get('maxItems'))}", meta)
        return f"Annotated[{kind}, {count}]"

    def _string(self, schema: Schema, owner: str, wire: str, name: str | None) -> str:
        if "enum" in schema:
            alias = name or naming.inline_type(owner, wire)
            return self.module.add_enum(alias, tuple(schema["enum"]), self.message.name)
        if schema.get("format") == "date-time":
            return self._use("Timestamp")
        if "maxLength" not in schema:
            return "str"
        length = schema["maxLength"]
        return self._alias(f"Str{length}", f"Annotated[str, Meta(max_length={length})]")

    def _integer(self, schema: Schema) -> str:
        least, most = schema.get("minimum"), schema.get("maximum")
        if least is None and most is None:
            return self._use("Integer")
        meta = _meta(
            {"ge": INT64_MIN if least is None else int(least), "le": INT64_MAX if most is None else int(most)}
        )
        return self._alias(f"Int{_span(least, most)}", f"Annotated[int, {meta}]")

    def _number(self, schema: Schema, wire: str) -> str:
        least, most = schema.get("minimum"), schema.get("maximum")
        meta = _meta({"ge": least, "le": most})
        special = "Tenths" if "multipleOf" in schema else "Amount" if wire in naming.MONEY else None
        if special is None:
            return (
                "float"
                if meta is None
                else self._alias(f"Float{_span(least, most)}", f"Annotated[float, {meta}]")
            )
        if schema.get("multipleOf", 0.1) != 0.1 or meta is not None:
            raise UncoveredSchema(f"{self.message.name}: {wire} is a {special} with bounds")
        return self._use(special)

    def _alias(self, name: str, meaning: str) -> str:
        if self.module.aliases.setdefault(name, meaning) != meaning:
            raise UncoveredSchema(f"{self.message.name}: {name} would mean {meaning} too")
        return name

    def _use(self, name: str) -> str:
        self.module.used.add(name)
        return name


def _meta(bounds: Mapping[str, float | None]) -> str | None:
    written = ", ".join(f"{name}={bound}" for name, bound in bounds.items() if bound is not None)
    return f"Meta({written})" if written else None


def _span(least: float | None, most: float | None) -> str:
    low = "" if least is None else f"From{_plain(least)}"
    return low if most is None else f"{low}To{_plain(most)}"


def _plain(bound: float) -> str:
    return f"{bound:g}".replace("-", "Minus").replace(".", "Point")


def check_keywords(schema: Schema) -> None:
    """Check that the schema says nothing which would be lost.

    Raises:
        UncoveredSchema: If it has a keyword, format or value that the generator does not express.
    """
    kind = schema.get("type", "")
    known = PROSE | {"$ref", "type"} | KEYWORDS.get(kind if isinstance(kind, str) else "", set())
    if unknown := set(schema) - known:
        raise UncoveredSchema(f"keywords {sorted(unknown)} are not covered")
    if schema.get("format", "date-time") not in {"date-time", "uri"}:
        raise UncoveredSchema(f"format {schema['format']} is not covered")
    if "format" in schema and ("maxLength" in schema or "enum" in schema):
        raise UncoveredSchema("a format with a length or an enumeration is not covered")


def messages(version: str, schemas: Mapping[str, Schema]) -> list[Message]:
    """Name the messages of one version from its schema files, by file name and in alphabetical order."""
    found = []
    for stem in sorted(schemas):
        action = stem.removesuffix("Request").removesuffix("Response")
        if action in SENDS.get(version, ()):
            kind, name = "send", action
        elif stem.endswith("Response"):
            kind, name = "response", f"{action}Response"
        else:
            kind, name = "request", f"{action}Request"
        found.append(Message(name, action, kind, schemas[stem]))
    return found
