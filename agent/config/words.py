"""How errors of the station file are worded: where, and what would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec

_UNKNOWN: Final = "unknown field `"
_NAME: Final = re.compile(r"[A-Za-z_]\w*")


def key_path(place: str, problem: str) -> str:
    """Return the path of the key that a message is about; msgspec names an unknown key's table only."""
    if _UNKNOWN in problem:
        return f"{place}.{problem.split('`')[1]}"
    return place


def hint(place: str, problem: str, file: type[msgspec.Struct]) -> str:
    """Return what was perhaps meant by an unknown key, or what may stand in place of a wrong word."""
    if _UNKNOWN in problem:
        return meant(problem.split("`")[1], _keys(file))
    if "Invalid enum value" in problem:
        return f"; choose from {', '.join(map(str, _choices(place, file)))}"
    return ""


def meant(name: str, known: Iterable[str]) -> str:
    """Return a hint at the known name that is closest, if one is close."""
    close = difflib.get_close_matches(name, known, n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def toml_error(text: str, message: str) -> tuple[int | None, str]:
    """Split "... (at line 3, column 5)" or "... (at end of document)" into line and problem."""
    problem, _, where = message.partition(" (at ")
    number = where.removeprefix("line ").partition(",")[0]
    if number.isdigit():
        return int(number), problem
    return (len(text.splitlines()) or None if where else None), problem


def _keys(kind: type[msgspec.Struct]) -> set[str]:
    """Return every key that a table of this kind, or one inside it, may have."""
    keys = set()
    for field in msgspec.structs.fields(kind):
        keys.add(field.encode_name)
        for inner in _parts(field.type):
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                keys |= _keys(inner)
    return keys


def _choices(place: str, file: type[msgspec.Struct]) -> list[Any]:
    """Return the words that may stand at a path such as "$.evse[0].phases"."""
    kinds: list[Any] = [file]
    for name in _NAME.findall(place.removeprefix("$")):
        kinds = [
            inner
            for kind in kinds
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
            for field in msgspec.structs.fields(kind)
            if field.encode_name == name
            for inner in _parts(field.type)
        ]
    words = [word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)]
    return list(dict.fromkeys(words))


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield an annotation and what it is made of: a union's members, a tuple's elements."""
    yield annotation
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif origin in (tuple, Union, UnionType):
        for inner in get_args(annotation):
            if inner is not Ellipsis:
                yield from _parts(inner)
