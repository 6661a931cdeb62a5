"""Reads XML schemas, as far as those of V2G go: what they cannot say here stops the generator."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

XSD = "http://www.w3.org/2001/XMLSchema"
UNBOUNDED = 1 << 30

QName = tuple[str, str]
"""Local name and namespace: EXI sorts by the name first."""
TypeKey = QName | int | None
"""A named type, an anonymous one (by its node), or none: anything goes."""


class UncoveredSchema(Exception):
    """A schema says something that the generator cannot express."""


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple type: see `certs.exi.tables.ValueType`."""

    form: Literal["STRING", "BOOLEAN", "BASE64", "HEX", "INTEGER", "WORD"]
    least: int | None = None
    most: int | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributeUse:
    """An attribute of a type."""

    name: QName
    is_required: bool
    kind: Simple


@dataclass(frozen=True, slots=True, eq=False)
class Particle:
    """A part of a content model: elements to choose from, anything, or parts in a row or to choose from."""

    kind: Literal["element", "any", "sequence", "choice"]
    least: int
    most: int
    elements: tuple[Declared, ...] = ()
    parts: tuple[Particle, ...] = ()
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """An element as it is declared somewhere."""

    name: QName
    kind: TypeKey


@dataclass(frozen=True, slots=True)
class Complex:
    """A type: attributes, and a value or a content model."""

    attributes: tuple[AttributeUse, ...] = ()
    value: Simple | None = None
    content: Particle | None = None
    is_mixed: bool = False


_BUILTIN: dict[str, Simple] = {
    **dict.fromkeys(
        ("string", "anyURI", "ID", "NCName", "IDREF", "token", "normalizedString", "language"),
        Simple("STRING"),
    ),
    "boolean": Simple("BOOLEAN"),
    "base64Binary": Simple("BASE64"),
    "hexBinary": Simple("HEX"),
    "byte": Simple("INTEGER", -(2**7), 2**7 - 1),
    "unsignedByte": Simple("INTEGER", 0, 2**8 - 1),
    "short": Simple("INTEGER", -(2**15), 2**15 - 1),
    "unsignedShort": Simple("INTEGER", 0, 2**16 - 1),
    "int": Simple("INTEGER", -(2**31), 2**31 - 1),
    "unsignedInt": Simple("INTEGER", 0, 2**32 - 1),
    "long": Simple("INTEGER", -(2**63), 2**63 - 1),
    "unsignedLong": Simple("INTEGER", 0, 2**64 - 1),
    "integer": Simple("INTEGER"),
    "nonNegativeInteger": Simple("INTEGER", 0),
    "positiveInteger": Simple("INTEGER", 1),
}


def _tag(name: str) -> str:
    return f"{{{XSD}}}{name}"


@dataclass(frozen=True, slots=True)
class _Document:
    """What the names in a file mean."""

    prefixes: dict[str, str]
    namespace: str
    qualifies_elements: bool
    qualifies_attributes: bool


class Schemas:
    """A schema file and all that it imports or includes."""

    def __init__(self, path: Path) -> None:
        """Read the files."""
        self._roots: dict[Path, ET.Element] = {}
        self._document: dict[ET.Element, _Document] = {}
        self._elements: dict[QName, ET.Element] = {}
        self._types: dict[QName, ET.Element] = {}
        self._anonymous: dict[int, ET.Element] = {}
        self._load(path.resolve())

    @cached_property
    def documents(self) -> list[Declared]:
        """The global elements, as EXI orders them."""
        return [self._declared(self._elements[name]) for name in sorted(self._elements)]

    @cached_property
    def declarations(self) -> dict[QName, list[Declared]]:
        """Every element that is declared anywhere, by name, as EXI orders them."""
        found: dict[QName, list[Declared]] = {}
        for node in self._nodes("element"):
            if node.get("name"):
                one = self._declared(node)
                found.setdefault(one.name, []).append(one)
        return dict(sorted(found.items()))

    @cached_property
    def attributes(self) -> list[QName]:
        """Every attribute that is declared anywhere, as EXI orders them."""
        return sorted({self._attribute_name(node) for node in self._nodes("attribute")})

    def type_of(self, key: TypeKey) -> Complex:
        """Return a type.

        Raises:
            UncoveredSchema: If it is of a kind that EXI would write in a way this generator does not know.
        """
        if key is None:
            return Complex(is_mixed=True)
        if isinstance(key, tuple) and key[1] == XSD:
            return Complex(is_mixed=True) if key[0] == "anyType" else Complex(value=self._simple_named(key))
        node = self._types[key] if isinstance(key, tuple) else self._anonymous[key]
        return Complex(value=self._simple(node)) if node.tag == _tag("simpleType") else self._complex(node)

    # files

    def _load(self, path: Path) -> None:
        if path in self._roots:
            return
        prefixes = {prefix: uri for _, (prefix, uri) in ET.iterparse(path, events=("start-ns",))}  # noqa: S314 - read by developers only
        root = ET.parse(path).getroot()  # noqa: S314 - as above
        self._roots[path] = root
        document = _Document(
            prefixes=prefixes,
            namespace=root.get("targetNamespace", ""),
            qualifies_elements=root.get("elementFormDefault") == "qualified",
            qualifies_attributes=root.get("attributeFormDefault") == "qualified",
        )
        for node in root.iter():
            self._document[node] = document
        for node in root:
            name = node.get("name", ""), document.namespace
            if node.tag == _tag("element"):
                self._elements[name] = node
            elif node.tag in (_tag("complexType"), _tag("simpleType")):
                self._types[name] = node
        for node in root:
            location = node.get("schemaLocation")
            if node.tag in (_tag("import"), _tag("include")) and location:
                self._load(_beside(path, location))

    def _nodes(self, tag: str) -> Iterator[ET.Element]:
        for root in self._roots.values():
            yield from root.iter(_tag(tag))

    def _resolve(self, name: str, node: ET.Element) -> QName:
        document = self._document[node]
        prefix, colon, local = name.rpartition(":")
        return local, document.prefixes[prefix] if colon else document.prefixes.get("", document.namespace)

    # elements

    def _declared(self, node: ET.Element) -> Declared:
        document, local = self._document[node], node.get("name", "")
        is_global = self._elements.get((local, document.namespace)) is node
        qualified = is_global or document.qualifies_elements
        return Declared((local, document.namespace if qualified else ""), self._type_key(node))

    def _type_key(self, node: ET.Element) -> TypeKey:
        named = node.get("type")
        if named:
            return self._resolve(named, node)
        for tag in ("complexType", "simpleType"):
            inner = node.find(_tag(tag))
            if inner is not None:
                self._anonymous[id(inner)] = inner
                return id(inner)
        return None

    def _choices(self, head: QName) -> tuple[Declared, ...]:
        """Return an element and those that may stand for it, as EXI orders them."""
        found, todo = {head}, [head]
        while todo:
            wanted = todo.pop()
            for name, node in self._elements.items():
                group = node.get("substitutionGroup")
                if group and self._resolve(group, node) == wanted and name not in found:
                    found.add(name)
                    todo.append(name)
        return tuple(self._declared(self._elements[name]) for name in sorted(found))

    # types

    def _complex(self, node: ET.Element) -> Complex:
        simple, complex_ = node.find(_tag("simpleContent")), node.find(_tag("complexContent"))
        if simple is not None:
            extension = _only(simple, "extension")
            base = self.type_of(self._resolve(extension.get("base", ""), extension))
            return _sorted(replace(base, attributes=base.attributes + self._uses(extension)))
        if complex_ is None:
            return _sorted(Complex(self._uses(node), None, self._content(node), node.get("mixed") == "true"))
        extension = _only(complex_, "extension")
        base = self.type_of(self._resolve(extension.get("base", ""), extension))
        both = [part for part in (base.content, self._content(extension)) if part is not None]
        content = both[0] if len(both) == 1 else None
        if len(both) > 1:
            content = Particle("sequence", 1, 1, parts=tuple(both))
        return _sorted(
            Complex(
                attributes=base.attributes + self._uses(extension),
                content=content,
                is_mixed=base.is_mixed or node.get("mixed") == "true",
            )
        )

    def _uses(self, node: ET.Element) -> tuple[AttributeUse, ...]:
        return tuple(
            AttributeUse(self._attribute_name(one), one.get("use") == "required", self._attribute_kind(one))
            for one in node.findall(_tag("attribute"))
        )

    def _attribute_name(self, node: ET.Element) -> QName:
        referred = node.get("ref")
        if referred:
            return self._resolve(referred, node)
        document = self._document[node]
        qualified = document.qualifies_attributes or node.get("form") == "qualified"
        return node.get("name", ""), document.namespace if qualified else ""

    def _attribute_kind(self, node: ET.Element) -> Simple:
        named, inner = node.get("type"), node.find(_tag("simpleType"))
        if named:
            return self._simple_named(self._resolve(named, node))
        return Simple("STRING") if inner is None else self._simple(inner)

    def _content(self, node: ET.Element) -> Particle | None:
        for tag in ("sequence", "choice", "all"):
            found = node.find(_tag(tag))
            if found is not None:
                return self._particle(found, is_repeated=False)
        return None

    def _particle(self, node: ET.Element, *, is_repeated: bool) -> Particle:
        least, written = int(node.get("minOccurs", "1")), node.get("maxOccurs", "1")
        most = UNBOUNDED if written == "unbounded" else int(written)
        is_repeated = is_repeated or most > 1
        match node.tag.removeprefix(f"{{{XSD}}}"):
            case "element":
                referred = node.get("ref")
                elements = (
                    self._choices(self._resolve(referred, node)) if referred else (self._declared(node),)
                )
                return Particle("element", least, most, elements, is_repeated=is_repeated)
            case "any":
                return Particle("any", least, most)
            case "sequence" | "choice" as kind:
                inner = [part for part in node if part.tag != _tag("annotation")]
                parts = tuple(self._particle(part, is_repeated=is_repeated) for part in inner)
                return Particle(kind, least, most, parts=parts)
            case other:
                raise UncoveredSchema(f"a content model of {other}")

    # simple types

    def _simple_named(self, name: QName) -> Simple:
        return _BUILTIN[name[0]] if name[1] == XSD else self._simple(self._types[name])

    def _simple(self, node: ET.Element) -> Simple:
        rule = _only(node, "restriction")
        inner, base_name = rule.find(_tag("simpleType")), rule.get("base")
        if base_name:
            base = self._simple_named(self._resolve(base_name, rule))
        elif inner is not None:
            base = self._simple(inner)
        else:
            raise UncoveredSchema("a simple type of nothing")
        for facet in rule:
            base = _narrowed(base, facet.tag.removeprefix(f"{{{XSD}}}"), facet.get("value", ""))
        return base


def _narrowed(kind: Simple, facet: str, value: str) -> Simple:
    is_number = kind.form == "INTEGER"
    match facet:
        case "enumeration":
            return replace(kind, form="WORD", words=(*kind.words, value))
        case "minInclusive" if is_number:
            return replace(kind, least=_higher(kind.least, int(value)))
        case "minExclusive" if is_number:
            return replace(kind, least=_higher(kind.least, int(value) + 1))
        case "maxInclusive" if is_number:
            return replace(kind, most=_lower(kind.most, int(value)))
        case "maxExclusive" if is_number:
            return replace(kind, most=_lower(kind.most, int(value) - 1))
        case "length" if not is_number:
            return replace(kind, least=int(value), most=int(value))
        case "minLength" if not is_number:
            return replace(kind, least=int(value))
        case "maxLength" if not is_number:
            return replace(kind, most=int(value))
        case "simpleType" | "annotation" | "whiteSpace":
            return kind
        case _:
            raise UncoveredSchema(f"{facet} of {kind.form}")


def _higher(one: int | None, other: int) -> int:
    return other if one is None else max(one, other)


def _lower(one: int | None, other: int) -> int:
    return other if one is None else min(one, other)


def _sorted(kind: Complex) -> Complex:
    return replace(kind, attributes=tuple(sorted(kind.attributes, key=lambda use: use.name)))


def _only(node: ET.Element, tag: str) -> ET.Element:
    found = node.find(_tag(tag))
    if found is None:
        raise UncoveredSchema(f"{node.tag} without {tag}")
    return found


def _beside(path: Path, location: str) -> Path:
    """Return the file that is meant; sets in folders of their own share what lies above them."""
    near = path.parent / location
    return (near if near.exists() else path.parent.parent / Path(location).name).resolve()
