"""Lays the generated types of a version out: which module of its package each is written into, and how.

A type that one action alone uses lies with that action's messages, those that the same actions share lie
together. What lies elsewhere is named through the package, which loads it when a decoder first needs it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ocppj.messages import naming
from ocppj.messages.gathering import Member, Message, Module

VERSIONS = {"v16": "OCPP 1.6 and its security extension", "v201": "OCPP 2.0.1", "v21": "OCPP 2.1"}
FROM_FIELDS = ("Amount", "CustomDataType", "Integer", "Maybe", "Payload", "Tenths", "Timestamp")
BOUNDS = "bounds"
"""The module of the lengths and ranges, which types of all modules share."""

_NAME = re.compile(r"\b[A-Za-z][A-Za-z0-9]*\b")


def laid_out(version: str, module: Module, messages: Sequence[Message]) -> dict[str, str]:
    """Return the text of every file of a version's package, by the file's name, before it is formatted."""
    pages = Pages(version, module, messages)
    files = {f"{place}.py": pages.text(place) for place in sorted(set(pages.places.values()))}
    files[f"{BOUNDS}.py"] = pages.bounds()
    files["__init__.py"] = pages.index()
    return files


@dataclass(slots=True)
class Pages:
    """The modules of one version. `places` says in which of them each type is."""

    version: str
    module: Module
    messages: Sequence[Message]
    places: dict[str, str]

    def __init__(self, version: str, module: Module, messages: Sequence[Message]) -> None:
        self.version, self.module, self.messages = version, module, messages
        self.places = _places(module, messages)

    def text(self, place: str) -> str:
        """Return the text of the module of this name."""
        here = [name for name, where in sorted(self.places.items()) if where == place]
        body = [*self._enums(here), *self._structs(here)]
        return "\n".join([*self._header(here, "\n".join(body)), *body])

    def bounds(self) -> str:
        """Return the text of the module of lengths and ranges."""
        names = sorted(self.module.aliases)
        return "\n".join(
            [
                f'"""Lengths and ranges of {VERSIONS[self.version]}. {_MADE}"""',
                "",
                "from typing import Annotated",
                "",
                "from msgspec import Meta",
                "",
                *(f"{name} = {self.module.aliases[name]}" for name in names),
            ]
        )

    def index(self) -> str:
        """Return the text of the package itself, which loads each module when it is first asked for."""
        package = f"ocppj.messages.{self.version}"
        by_place: dict[str, list[str]] = defaultdict(list)
        for name, place in sorted(self.places.items()):
            by_place[place].append(name)
        imports = [
            f"    from {package}.{place} import {', '.join(f'{name} as {name}' for name in by_place[place])}"
            for place in sorted(by_place)
        ]
        actions = {kind: sorted({one.action for one in self.messages if one.kind == kind}) for kind in _KINDS}
        strict = [message.name for message in self.messages if "draft-04" in message.schema["$schema"]]
        return "\n".join(
            [
                f'"""The messages of {VERSIONS[self.version]}, each loaded on first use. {_MADE}"""',
                "",
                "from __future__ import annotations",
                "",
                "from typing import TYPE_CHECKING, Final",
                "",
                "from ocppj.messages.on_demand import on_demand",
                "",
                f"PLACES: Final[dict[str, str]] = {json.dumps(dict(sorted(self.places.items())))}",
                '"""Which module each type is in."""',
                f"CALLS: Final[tuple[str, ...]] = {_tuple(actions['request'])}",
                f"SENDS: Final[tuple[str, ...]] = {_tuple(actions['send'])}",
                f"DRAFT_4: Final[frozenset[str]] = frozenset({json.dumps(strict) if strict else ''})",
                '"""Messages of schemas of draft 4, to which 1.0 is no integer."""',
                "",
                "if TYPE_CHECKING:",
                *imports,
                "else:",
                "    __getattr__ = on_demand(__name__, PLACES)",
            ]
        )

    def _header(self, here: Sequence[str], body: str) -> Iterator[str]:
        used = {
            name
            for type_ in here
            for member in self.module.structs.get(type_, ())
            for name in _NAME.findall(member.annotation)
        }
        here_is = self.places[here[0]]
        typing = used & {"Any", "Annotated"} | ({"Literal"} if " = Literal[" in body else set())
        is_linked = any(self.places.get(name, here_is) != here_is for name in used)
        shared = used & set(FROM_FIELDS) | {name for name in ("Maybe", "Payload") if name in body}
        ours = [f"from ocppj.messages import {self.version}"] if is_linked else []
        ours += _import("ocppj.messages.fields", shared)
        ours += _import(f"ocppj.messages.{self.version}.{BOUNDS}", used & self.module.aliases.keys())
        yield f'"""{self._about(here)} {_MADE}"""'
        yield from ("", "from __future__ import annotations")
        for group in (
            _import("typing", typing),
            _import("msgspec", {"field"} if "field(" in body else ()),
            ours,
        ):
            if group:
                yield from ("", *group)
        yield ""

    def _about(self, here: Sequence[str]) -> str:
        actions = sorted({message.action for message in self.messages if message.name in here})
        if actions:
            return f"{actions[0]} of {VERSIONS[self.version]}."
        return f"Parts of messages of {VERSIONS[self.version]}."

    def _enums(self, here: Sequence[str]) -> Iterator[str]:
        for name in here:
            if name in self.module.enums:
                yield f"{name} = Literal{json.dumps(self.module.enums[name])}"

    def _structs(self, here: Sequence[str]) -> Iterator[str]:
        found = {message.name: message for message in self.messages}
        parts = [name for name in here if name in self.module.structs and name not in found]
        for name in [*parts, *(name for name in found if name in here)]:
            about = _about_message(found[name]) if name in found else _about_type(self.module.users[name])
            yield from ("", "", f"class {name}(Payload, frozen=True, kw_only=True):", f'    """{about}"""')
            if self.module.structs[name]:
                yield ""
            for member in self.module.structs[name]:
                yield f"    {member.attribute}: {self._declaration(member, self.places[name])}"

    def _declaration(self, member: Member, place: str) -> str:
        options = [] if member.required else ["default=None"]
        if naming.camel(member.attribute) != member.wire:
            options.append(f'name="{member.wire}"')
        named = _NAME.sub(lambda found: self._reference(found[0], place), member.annotation)
        annotation = named if member.required else f"Maybe[{named}]"
        if not options:
            return annotation
        default = "None" if options == ["default=None"] else f"field({', '.join(options)})"
        return f"{annotation} = {default}"

    def _reference(self, name: str, place: str) -> str:
        return name if self.places.get(name, place) == place else f"{self.version}.{name}"


_KINDS = ("request", "send")
_MADE = "Generated: do not edit."


def _places(module: Module, messages: Sequence[Message]) -> dict[str, str]:
    """Return in which module each struct and enumeration is to be."""
    parts = {name: _parts(module, members) for name, members in module.structs.items()}
    users: dict[str, set[str]] = defaultdict(set)
    for message in messages:
        for name in _reached(message.name, parts):
            users[name].add(message.action)
    together: dict[frozenset[str], list[str]] = defaultdict(list)
    for name in sorted(users):
        together[frozenset(users[name])].append(name)
    return {
        name: naming.attribute(next(iter(actions)) if len(actions) == 1 else _chief(names, parts))
        for actions, names in together.items()
        for name in names
    }


def _parts(module: Module, members: Iterable[Member]) -> set[str]:
    named = {name for member in members for name in _NAME.findall(member.annotation)}
    return named & (module.structs.keys() | module.enums.keys())


def _reached(name: str, parts: Mapping[str, set[str]]) -> set[str]:
    found, left = {name}, [name]
    while left:
        fresh = parts.get(left.pop(), set()) - found
        found |= fresh
        left += fresh
    return found


def _chief(names: Sequence[str], parts: Mapping[str, set[str]]) -> str:
    """Return the first type that is part of no other one here; names come sorted."""
    inner = {part for name in names for part in parts.get(name, ()) if part != name}
    return min(names, key=lambda name: (name in inner, name not in parts, name))


def _import(module: str, names: Iterable[str]) -> list[str]:
    found = sorted(names)
    return [f"from {module} import {', '.join(found)}"] if found else []


def _tuple(names: Sequence[str]) -> str:
    return f"({''.join(f'{json.dumps(name)}, ' for name in names)})"


def _about_message(message: Message) -> str:
    kinds = {"request": "Request", "response": "Response", "send": "SEND message"}
    return f"{kinds[message.kind]} of the {message.action} action."


def _about_type(users: list[str]) -> str:
    if len(users) == 1:
        return f"Part of {users[0]}."
    return f"Part of {users[0]}, {users[1]}" + (f" and {len(users) - 2} more." if len(users) > 2 else ".")
