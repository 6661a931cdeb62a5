"""Typed access to YAML nodes: every complaint knows its file, line and field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import yaml
from yaml.reader import ReaderError

from drivers.profiles.errors import ProfileError

Literal = TypeVar("Literal", bound=str)

LONGEST_NUMBER: Final = 40
"""Characters of a number; no device needs more, and Python is slow with thousands."""
LARGEST_FILE: Final = 1_000_000
"""Bytes of a profile; the longest that is shipped has a hundredth of it."""
LARGEST_EXPONENT: Final = 40
"""Of a number in the file, as a power of ten."""
DEEPEST: Final = 100
"""Levels of nesting; no profile has ten."""

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where there is one: fifteen times as fast, which a charger's processor notices at each start."""

_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0x[0-9A-Fa-f]+")
_DECIMAL: Final = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
_NULL: Final = "tag:yaml.org,2002:null"
_PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value")
)
"""What nodes without a tag can turn out to be."""
_YES: Final = ("yes", "on", "true", "True", "TRUE")
_NO: Final = ("no", "off", "false", "False", "FALSE")
_SWITCHES: Final = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)


class Entry:
    """One YAML scalar, list or mapping, before anybody knows which it should be."""

    def __init__(self, node: yaml.Node, path: Path, field: str) -> None:
        self.node = node
        self.path = path
        self.field = field

    def fail(self, problem: str) -> NoReturn:
        """Raise a ProfileError that points here."""
        raise ProfileError(problem, path=self.path, line=self.node.start_mark.line + 1, field=self.field)

    def text(self) -> str:
        """Return a non-empty text, which may look like a number."""
        node = self.node
        if not isinstance(node, yaml.ScalarNode) or not node.value or (node.tag == _NULL and not node.style):
            self.fail("a text is needed")
        return str(node.value)

    def integer(self, low: int, high: int) -> int:
        """Return a whole number, decimal or 0x hexadecimal, between `low` and `high`."""
        text = self._plain()
        number = _integer(text)
        if number is None:
            self.fail(f"{_short(text)} is not a whole number from {low} to {high}")
        if not low <= number <= high:
            self.fail(f"{number} is not between {low} and {high}")
        return number

    def decimal(self) -> Decimal:
        """Return an exact decimal number; a whole one may be 0x hexadecimal."""
        text = self._plain()
        whole = _integer(text)
        if whole is not None:
            return Decimal(whole)
        number = Decimal(text) if len(text) <= LONGEST_NUMBER and _DECIMAL.fullmatch(text) else None
        if number is None or abs(number.adjusted()) > LARGEST_EXPONENT:
            self.fail(f"{_short(text)} is not a number")
        return number

    def switch(self) -> bool:
        """Return yes or no."""
        text = self.text()
        if text not in _SWITCHES:
            self.fail(f"{_short(text)} is not one of yes, no")
        return _SWITCHES[text]

    def choice(self, allowed: Collection[Literal]) -> Literal:
        """Return one of the allowed words."""
        text = self.text()
        word = next((word for word in allowed if word == text), None)
        if word is None:
            self.fail(f"{_short(text)} is not one of {', '.join(allowed)}{_hint(text, allowed)}")
        return word

    def _plain(self) -> str:
        """Return a text that has no quotes around it, as numbers have none."""
        text = self.text()
        if isinstance(self.node, yaml.ScalarNode) and self.node.style:
            self.fail(f"{_short(text)} in quotes is a text: a number without quotes is needed")
        return text

    def named(self, name: str, allowed: Collection[str]) -> str:
        """Return the name under which this was found, which must be one of the allowed ones."""
        if name not in allowed:
            self.fail(f"{_short(name)} is not one of {', '.join(allowed)}{_hint(name, allowed)}")
        return name

    def is_text(self) -> bool:
        """Tell whether this is a single text or number."""
        return isinstance(self.node, yaml.ScalarNode)

    def is_list(self) -> bool:
        """Tell whether this is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def is_mapping(self) -> bool:
        """Tell whether this is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    def items(self) -> list[Entry]:
        """Return the entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.fail("a list in [brackets] is needed")
        return [
            Entry(node, self.path, f"{self.field}[{index}]") for index, node in enumerate(self.node.value)
        ]

    def fields(self) -> Fields:
        """Return the fields of a mapping."""
        return Fields(self)


class Fields:
    """The fields of one YAML mapping; whoever reads it takes what it knows, then calls `no_others`."""

    def __init__(self, owner: Entry) -> None:
        self.owner = owner
        self._left: dict[str, Entry] = {}
        self._known: list[str] = []
        if not isinstance(owner.node, yaml.MappingNode):
            owner.fail("a mapping of field: value is needed")
        for key, value in owner.node.value:
            name = Entry(key, owner.path, owner.field).text()
            place = Entry(key, owner.path, f"{owner.field}.{name[:LONGEST_NUMBER]}".lstrip("."))
            if name in self._left:
                place.fail("given twice")
            self._left[name] = Entry(value, owner.path, place.field)

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        yield from self._left.items()

    def get(self, name: str) -> Entry | None:
        """Take a field that may be left out."""
        self._known.append(name)
        return self._left.pop(name, None)

    def need(self, name: str) -> Entry:
        """Take a field that must be there."""
        field = self.get(name)
        if field is None:
            self.owner.fail(f"the field {name!r} is missing")
        return field

    def no_others(self) -> None:
        """Refuse fields nobody took."""
        for name, field in self._left.items():
            field.fail(f"unknown field; allowed here: {', '.join(self._known)}{_hint(name, self._known)}")


def read_document(path: Path) -> Entry:
    """Return the root of a YAML file.

    Raises:
        ProfileError: If the file cannot be read or is no YAML, or has what no profile needs: tags, aliases,
            or hundreds of levels.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ProfileError(f"cannot be read: {error.strerror or error}", path=path) from error
    if len(data) > LARGEST_FILE:
        raise ProfileError(f"larger than {LARGEST_FILE} bytes, so it is no profile", path=path, line=1)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProfileError(f"cannot be read as UTF-8: {error.reason}", path=path, line=line) from error
    root = _composed(text, path)
    if root is None:
        raise ProfileError("the file is empty", path=path, line=1)
    _check_nodes(root, path)
    return Entry(root, path, "")


def _composed(text: str, path: Path) -> yaml.Node | None:
    try:
        _check_depth(text, path)
        return yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        problem = error.problem or error.context
        if mark is not None and text[mark.index : mark.index + 1] == "\t":
            problem = "a tab, where YAML wants spaces"
        raise ProfileError(f"not YAML: {problem}", path=path, line=line) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ProfileError(f"not YAML: {error.reason}", path=path, line=line) from error


def _check_depth(text: str, path: Path) -> None:
    """Refuse what is nested too deeply, which the loader in C would not survive; its parser does."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise ProfileError("nested too deeply", path=path, line=line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _check_nodes(root: yaml.Node, path: Path) -> None:
    """Refuse tags, and nodes that are in several places: complaints could not say which place is meant."""
    seen: set[int] = set()
    left = [root]
    while left:
        node = left.pop()
        if id(node) in seen:
            Entry(node, path, "").fail("an anchor (&) is used again (*): write it out")
        seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            Entry(node, path, "").fail(f"the tag {_short(node.tag)} is not for profiles")
        if isinstance(node, yaml.SequenceNode):
            left.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            left.extend(part for pair in node.value for part in pair)


def _integer(text: str) -> int | None:
    if len(text) > LONGEST_NUMBER or not _INTEGER.fullmatch(text):
        return None
    return int(text, 16 if "x" in text else 10)


def _short(text: str) -> str:
    """Return a text as it is quoted in a complaint."""
    return repr(text if len(text) <= LONGEST_NUMBER else f"{text[:LONGEST_NUMBER]}...")


def _hint(text: str, allowed: Collection[str]) -> str:
    near = get_close_matches(text[:LONGEST_NUMBER], allowed, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
