"""Which tests name which requirements: in name or docstring, at an assertion, or at one of their parameters.

What stands outside of a test function shows nothing: a test must be able to fail for it.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.conformance.requirements.catalogue import NAMED

ROOT: Final = Path(__file__).parents[3]
BACKEND: Final = "tests/unit/backend/"
OWN: Final = Path("tests", "conformance", "requirements")

_IN_NAME: Final = re.compile(r"_([a-s]\d\d)_fr_(\d{2,3})(?=_|$)")
_RANGE: Final = re.compile(r"FR\.\d{2,3}\s*(?:to|-|\u2013|\.\.+)\s*(?:[A-S]\d\d\.)?FR\.\d")


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """A test that names a requirement."""

    path: str
    """From the repository's root."""
    test: str

    @property
    def is_of_backend(self) -> bool:
        """Whether it tests the operator's side."""
        return self.path.startswith(BACKEND)


@cache
def shown_by(root: Path = ROOT) -> Mapping[str, tuple[Shown, ...]]:
    """Return the tests of every requirement that one of them names."""
    found: defaultdict[str, set[Shown]] = defaultdict(set)
    for shown, body in sources_of_tests(root):
        for named in (*NAMED.findall(body), *_in_name(shown.test)):
            found[named].add(shown)
    return {name: tuple(sorted(tests)) for name, tests in found.items()}


def sources_of_tests(root: Path = ROOT) -> Iterator[tuple[Shown, str]]:
    """Yield every test with its source, decorators and comments included."""
    for path in _files(root):
        for name, body in _tests(path.read_text("utf-8")):
            yield Shown(path.relative_to(root).as_posix(), name), body


def named_anywhere(root: Path = ROOT) -> Mapping[str, str]:
    """Return every requirement that a Python file of ours names, and one file that does."""
    found: dict[str, str] = {}
    for folder in ("agent", "backend", "drivers", "ocppj", "tests"):
        for path in sorted((root / folder).rglob("*.py")):
            if not path.relative_to(root).is_relative_to(OWN):
                for named in NAMED.findall(path.read_text("utf-8")):
                    found.setdefault(named, path.relative_to(root).as_posix())
    return found


def ranges(root: Path = ROOT) -> list[str]:
    """Return where tests name requirements by a range, which counts for its ends only."""
    return [
        f"{path.relative_to(root)}: {found[0]}"
        for path in _files(root)
        for found in _RANGE.finditer(path.read_text("utf-8"))
    ]


def _files(root: Path) -> Iterator[Path]:
    yield from sorted(
        path for path in (root / "tests").rglob("test_*.py") if path.name != "test_requirements.py"
    )


def _in_name(test: str) -> Iterator[str]:
    yield from (f"{case.upper()}.FR.{number}" for case, number in _IN_NAME.findall(test))


def _tests(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and source of every test, its decorators and comments included."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            begin = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield node.name, "\n".join(lines[begin - 1 : node.end_lineno])
