"""Writes v16.py, v201.py and v21.py from the JSON schemas of the `ocpp` package.

    python -m ocppj.messages.generate

The schemas' constraints become msgspec annotations, so that decoding is validating. Nothing of their prose is
copied. A keyword that this generator does not know stops it: no constraint is dropped in silence, except
`format: uri`, which says nothing about validity. The text is laid out by ruff.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from ocppj.messages import naming
from ocppj.messages.fields import INT64_MAX, INT64_MIN, VENDOR_ID_LENGTH

Schema = Mapping[str, Any]

VERSIONS = {"v16": "OCPP 1.6 and its security extension", "v201": "OCPP 2.0.1", "v21": "OCPP 2.1"}
SENDS = {"v21": frozenset({"NotifyPeriodicEventStream"})}
LINE = 110
PROSE = {"$schema", "$id", "comment", "definitions", "default", "description", "javaType", "title"}
KEYWORDS = {
    "array": {"additionalItems", "items", "maxItems", "minItems"},
    "boolean": set(),
    "integer": {"maximum", "minimum"},
    "number": {"maximum", "minimum", "multipleOf"},
    "object": {"additionalProperties", "properties", "required"},
    "string": {"additionalProperties", "enum", "format", "maxLength"},
}
FROM_FIELDS = ("Amount", "CustomDataType", "Integer", "Maybe", "Payload", "Tenths", "Timestamp")


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


def load_schemas(version: str) -> dict[str, Schema]:
    """Read the schemas of one version from the installed `ocpp` package, by file name without ending."""
    folder = files("ocpp").joinpath(version, "schemas")
    return {
        entry.name.removesuffix(".json"): json.loads(entry.read_text("utf-8-sig"))
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    }


def generate(version: str, schemas: Mapping[str, Schema]) -> str:
    """Return the text of the module of one version, before it is laid out."""
    module = Module()
    found = messages(version, schemas)
    for message in found:
        Reader(module, message).read()
    body = [*_structs(module, {message.name: message for message in found}), *_tables(found)]
    return "\n".join([*_header(version, module, "\n".join(body)), *_aliases(module), *body])


def formatted(text: str) -> str:
    """Lay the text out with ruff, as everything else in the repository is.

    Raises:
        subprocess.CalledProcessError: If ruff is missing or the text is not Python.
    """
    command = [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={LINE}", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout  # noqa: S603 - fixed


def _header(version: str, module: Module, body: str) -> Iterable[str]:
    yield f'"""The messages of {VERSIONS[version]}. Generated by ocppj.messages.generate: do not edit."""'
    yield from ("", "from __future__ import annotations", "")
    yield f"from typing import {', '.join(['Annotated', *sorted({'Any'} & module.used), 'Literal'])}"
    yield from ("", "from msgspec import Meta, field" if "field(" in body else "from msgspec import Meta", "")
    shared = sorted(set(FROM_FIELDS) & module.used | {"Maybe", "Payload"})
    yield from (f"from ocppj.messages.fields import {', '.join(shared)}", "")


def _aliases(module: Module) -> Iterable[str]:
    for name in sorted(module.aliases):
        yield f"{name} = {module.aliases[name]}"
    for name in sorted(module.enums):
        yield f"{name} = Literal{json.dumps(module.enums[name])}"


def _structs(module: Module, found: Mapping[str, Message]) -> Iterable[str]:
    shared = sorted(set(module.structs) - set(found))
    for name in [*shared, *found]:
        about = _about_message(found[name]) if name in found else _about_type(module.users[name])
        yield from ("", "", f"class {name}(Payload, frozen=True, kw_only=True):", f'    """{about}"""')
        if module.structs[name]:
            yield ""
        for member in module.structs[name]:
            yield f"    {member.attribute}: {_declaration(member)}"


def _about_message(message: Message) -> str:
    kinds = {"request": "Request", "response": "Response", "send": "SEND message"}
    return f"{kinds[message.kind]} of the {message.action} action."


def _about_type(users: list[str]) -> str:
    if len(users) == 1:
        return f"Part of {users[0]}."
    return f"Part of {users[0]}, {users[1]}" + (f" and {len(users) - 2} more." if len(users) > 2 else ".")


def _declaration(member: Member) -> str:
    options = [] if member.required else ["default=None"]
    if naming.camel(member.attribute) != member.wire:
        options.append(f'name="{member.wire}"')
    annotation = member.annotation if member.required else f"Maybe[{member.annotation}]"
    if not options:
        return annotation
    default = "None" if options == ["default=None"] else f"field({', '.join(options)})"
    return f"{annotation} = {default}"


def _tables(found: list[Message]) -> Iterable[str]:
    yield from ("", "")
    for kind, title in (("request", "REQUESTS"), ("response", "RESPONSES"), ("send", "SENDS")):
        entries = [f'"{message.action}": {message.name}' for message in found if message.kind == kind]
        yield f"{title}: dict[str, type[Payload]] = {{{', '.join(entries)}}}"
    strict = [message.name for message in found if "draft-04" in message.schema["$schema"]]
    yield f"DRAFT_4: frozenset[str] = frozenset({json.dumps(strict) if strict else ''})"
    yield '"""Messages whose schema, being of JSON Schema draft 4, does not take 1.0 for an integer."""'


def main() -> int:
    """Write the three modules beside this file."""
    for version in VERSIONS:
        target = Path(__file__).with_name(f"{version}.py")
        target.write_text(formatted(generate(version, load_schemas(version))), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
