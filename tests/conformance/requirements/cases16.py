"""The OCA's test cases of OCPP 1.6 for charge points: the tests that go through them, or why none does."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.conformance.requirements.cases import Case, listed
from tests.conformance.requirements.catalogue import DIRECTORY
from tests.conformance.requirements.evidence import ROOT, Shown, sources_of_tests

PAGE_16: Final = "test-cases-1.6.md"
_FOLDER: Final = "tests/conformance/ocpp16/"
_GROUP: Final = re.compile(r"(?<![a-z])tc((?:_\d{3}(?:_\d(?!\d))?)+)(?=\D|$)", re.IGNORECASE)
"""A case, or in the name of a test several: test_tc_068_069_..."""
_NUMBER: Final = re.compile(r"\d{3}(?:_\d(?!\d))?")
_PREAMBLE: Final = """\
# The OCA's test cases of OCPP 1.6 for charge points

Made by `make docs` from [test-cases-1.6.toml](test-cases-1.6.toml) and the tests that name the cases; do not
edit. Each test drives the agent, as a process, over a real WebSocket, with emulated hardware.

| case | by |
| --- | --- |
"""


def cases_16(path: Path = DIRECTORY / "test-cases-1.6.toml", root: Path = ROOT) -> tuple[Case, ...]:
    """Return every case with what is known of it, in the order of the sections."""
    data = tomllib.loads(path.read_text("utf-8"))
    tests, without = _named(root), data["without"]
    return tuple(
        Case(id=case, tests=tuple(sorted(tests.get(case, ()))), why_not=without.get(case, ""))
        for numbers in data["cases"].values()
        for case in (f"TC_{number}" for number in numbers.split())
    )


def page_16(known: tuple[Case, ...]) -> str:
    """Return the page that lists them."""
    return _PREAMBLE + listed(known)


def named_in(source: str) -> set[str]:
    """Return the cases that the source of a test names."""
    return {f"TC_{number}" for group in _GROUP.findall(source) for number in _NUMBER.findall(group)}


def _named(root: Path) -> Mapping[str, set[Shown]]:
    found: defaultdict[str, set[Shown]] = defaultdict(set)
    for shown, source in sources_of_tests(root):
        if shown.path.startswith(_FOLDER):
            for case in named_in(source):
                found[case].add(shown)
    return found
