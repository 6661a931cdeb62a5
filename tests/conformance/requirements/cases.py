"""The OCA's test cases for charging stations: which of them a test here goes through, or why none does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.conformance.requirements.catalogue import DIRECTORY
from tests.conformance.requirements.evidence import ROOT, Shown, sources_of_tests

PAGE: Final = "test-cases.md"
_NAMED: Final = re.compile(r"tc_([a-p])_(\d\d)(?=\D|$)", re.IGNORECASE)
_OTHERS: Final = ("tests/conformance/ocpp16/", "tests/conformance/ocpp21/")
"""Where the cases of other versions are named, which have the same numbers."""
_PREAMBLE: Final = """\
# The OCA's test cases of OCPP 2.0.1 for charging stations

Made by `make docs` from [test-cases.toml](test-cases.toml) and the tests that name the cases; do not edit.
Each test drives the agent, as a process, over a real WebSocket, with emulated hardware.

| case | by |
| --- | --- |
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test case: the tests that go through it, or why there is none."""

    id: str
    tests: tuple[Shown, ...]
    why_not: str = ""


def cases(path: Path = DIRECTORY / "test-cases.toml", root: Path = ROOT) -> tuple[Case, ...]:
    """Return every case with what is known of it."""
    data = tomllib.loads(path.read_text("utf-8"))
    tests, without = _named(root), data["without"]
    return tuple(
        Case(id=case, tests=tuple(sorted(tests.get(case, ()))), why_not=without.get(case, ""))
        for letter, numbers in data["cases"].items()
        for case in (f"TC_{letter}_{number}" for number in numbers.split())
    )


def missing(known: tuple[Case, ...]) -> list[str]:
    """Return the cases that have neither a test nor a reason, or both."""
    return [case.id for case in known if bool(case.tests) == bool(case.why_not)]


def page(known: tuple[Case, ...]) -> str:
    """Return the page that lists them."""
    return _PREAMBLE + listed(known)


def listed(known: tuple[Case, ...]) -> str:
    """Return the lines of a table, one a case."""
    return "".join(f"| {case.id} | {_by(case)} |\n" for case in known)


def _by(case: Case) -> str:
    return case.why_not or ", ".join(f"[`{test.test}`](../../{test.path})" for test in case.tests)


def _named(root: Path) -> Mapping[str, set[Shown]]:
    found: dict[str, set[Shown]] = {}
    for shown, source in _conformance(root):
        for letter, number in _NAMED.findall(source):
            found.setdefault(f"TC_{letter.upper()}_{number}", set()).add(shown)
    return found


def _conformance(root: Path) -> Iterator[tuple[Shown, str]]:
    yield from (
        (shown, source)
        for shown, source in sources_of_tests(root)
        if shown.path.startswith(("tests/conformance/", "tests/flow/")) and not shown.path.startswith(_OTHERS)
    )
