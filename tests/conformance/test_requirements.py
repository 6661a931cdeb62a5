"""What docs/ocpp-requirements says of the requirements is what the tests say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.conformance.requirements.__main__ import main
from tests.conformance.requirements.cases import PAGE, cases, missing, page
from tests.conformance.requirements.cases16 import PAGE_16, cases_16, named_in, page_16
from tests.conformance.requirements.catalogue import DIRECTORY, requirements, use_cases
from tests.conformance.requirements.evidence import Shown, named_anywhere, ranges, shown_by
from tests.conformance.requirements.pages import pages
from tests.conformance.requirements.reasons import Reason, ReasonError, State, reasons
from tests.conformance.requirements.table import contradictions, open_of_21, open_of_201, sections

COMPLETE: Final = True
"""Whether every block has been gone through: then nothing may be open, and the pages must be current."""
COMPLETE_21: Final = True
"""The same of what 2.1 adds."""

CASES = use_cases()
complete = pytest.mark.skipif(not COMPLETE, reason="not every block has been gone through")
complete_21 = pytest.mark.skipif(not COMPLETE_21, reason="not every block of 2.1 has been gone through")


def test_no_requirement_is_there_twice() -> None:
    ids = [requirement.id for requirement in requirements(CASES)]
    assert len(ids) == len(set(ids)) == 1905


def test_no_unknown_requirement_is_named() -> None:
    known = {requirement.id for requirement in requirements(CASES)}
    named = {**named_anywhere(), **dict.fromkeys(reasons(), "a file of reasons")}
    unknown = {name: path for name, path in named.items() if name not in known}
    assert unknown == {}, "+ is written only where 2.1 gave a number of 2.0.1 to something else"


def test_requirements_are_written_out() -> None:
    assert ranges() == [], "a range counts for its ends only: name each requirement that the test shows"


def test_no_reason_denies_what_a_test_shows() -> None:
    why = reasons()
    assert contradictions(sections(CASES, shown_by(), why), why) == []


@complete
def test_every_requirement_of_201_has_a_test_or_a_reason() -> None:
    assert open_of_201(sections(CASES, shown_by(), reasons())) == []


@complete_21
def test_every_requirement_of_21_has_a_test_or_a_reason() -> None:
    assert open_of_21(sections(CASES, shown_by(), reasons())) == []


@complete
def test_every_test_case_of_201_has_a_test_or_a_reason() -> None:
    assert missing(cases()) == []


def test_every_test_case_of_16_has_a_test_or_a_reason() -> None:
    assert missing(cases_16()) == []


def test_a_test_of_16_names_several_cases() -> None:
    source = 'async def test_tc_017_1_030_it(): ...\n"""TC_023_4; TC_0234, TC_A_01."""'
    assert named_in(source) == {"TC_017_1", "TC_030", "TC_023_4"}


def test_a_case_is_named_by_a_test_of_the_whole_agent(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "conformance"
    folder.mkdir(parents=True)
    named = 'def test_tc_a_01_it(): ...\ndef test_b():\n    """TC_A_04."""\n'
    (folder / "test_one.py").write_text(named, "utf-8")
    (tmp_path / "tests" / "test_two.py").write_text("def test_tc_a_05_elsewhere(): ...\n", "utf-8")
    known = '[cases]\nA = "01 04 05 06"\n[without]\nTC_A_06 = "x"\n'
    (tmp_path / "cases.toml").write_text(known, "utf-8")
    found = cases(tmp_path / "cases.toml", tmp_path)
    assert [len(case.tests) for case in found] == [1, 1, 0, 0]
    assert missing(found) == ["TC_A_05"]
    assert "| TC_A_06 | x |" in page(found)


@complete
def test_the_pages_are_current() -> None:
    made = pages(sections(CASES, shown_by(), reasons())) | {PAGE: page(cases()), PAGE_16: page_16(cases_16())}
    stale = [name for name, text in made.items() if (DIRECTORY / name).read_text("utf-8") != text]
    assert stale == [], "run: make docs"


def test_what_a_test_file_shows(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_one.py").write_text(
        '''\
"""A01.FR.01 here shows nothing."""

def helper():
    """Nor does A01.FR.02."""

@parametrize("x", [1])  # B01.FR.01
async def test_it(x):
    """B01.FR.02, and FR.03 of no use case."""
    assert x  # B01.FR.04

def test_c01_fr_05_by_name(): ...
''',
        "utf-8",
    )
    of_it, of_name = (
        Shown("tests/test_one.py", "test_it"),
        Shown("tests/test_one.py", "test_c01_fr_05_by_name"),
    )
    assert shown_by(tmp_path) == {
        "B01.FR.01": (of_it,),
        "B01.FR.02": (of_it,),
        "FR.03": (of_it,),
        "B01.FR.04": (of_it,),
        "C01.FR.05": (of_name,),
    }


def test_a_range_is_found(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_one.py").write_text("# B01.FR.01 to FR.03, B02.FR.01 - B02.FR.03", "utf-8")
    assert ranges(tmp_path) == ["tests/test_one.py: FR.01 to FR.0", "tests/test_one.py: FR.01 - B02.FR.0"]


@pytest.mark.parametrize(
    "line", ['"A01.FR.01" = "later: x"', '"A01.FR.01" = "done:"', 'A01.FR.01 = "done: x"', '"A01.FR.01" = ']
)
def test_a_reason_of_another_form_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "A.toml").write_text(line, "utf-8")
    with pytest.raises(ReasonError, match=r"^A\.toml: "):
        reasons(tmp_path)


def test_a_requirement_has_one_reason(tmp_path: Path) -> None:
    for letter in "AB":
        (tmp_path / f"{letter}.toml").write_text('"A01.FR.01" = "done: x"', "utf-8")
    with pytest.raises(ReasonError, match=r"^B\.toml: A01\.FR\.01 has a reason in two files"):
        reasons(tmp_path)


def test_how_a_requirement_stands() -> None:
    cases = tuple(case for case in CASES if case.id in {"A02", "I01"})
    station, backend = (
        Shown("tests/unit/agent/test_x.py", "test_a"),
        Shown("tests/unit/backend/test_y.py", "test_b"),
    )
    why = {
        "A02.FR.01": Reason(State.NOT_YET, "x"),
        "A02.FR.03": Reason(State.DONE, "y"),
        "A02.FR.20+": Reason(State.NOT_APPLICABLE, "z"),
    }
    tests = {"A02.FR.01": (backend, station), "A02.FR.02": (backend,), "I01.FR.01": (backend,)}
    table = sections(cases, tests, why)
    rows = {row.requirement.id: (row.state, row.tests) for section in table for row in section.rows}
    assert rows["A02.FR.01"] == (State.SHOWN, (station,))
    assert rows["A02.FR.02"] == (State.OPEN, ())
    assert rows["A02.FR.03"] == (State.DONE, ())
    assert rows["A02.FR.19+"] == (State.OPEN, ())
    assert rows["A02.FR.20"] == (State.OPEN, ())
    assert rows["A02.FR.20+"] == (State.NOT_APPLICABLE, ())
    assert rows["I01.FR.01"] == (State.CSMS, (backend,))
    assert contradictions(table, why) == ["A02.FR.01 is not yet, and shown by test_a"]
    assert "A02.FR.02" in open_of_201(table)
    assert "I01.FR.03" in open_of_201(table)
    assert not {"A02.FR.03", "A02.FR.22", "I01.FR.01"} & set(open_of_201(table))
    assert {"A02.FR.19+", "A02.FR.22"} < set(open_of_21(table))
    assert not {"A02.FR.19", "A02.FR.20", "A02.FR.20+"} & set(open_of_21(table))


def test_the_command_writes_every_page(tmp_path: Path) -> None:
    assert main(["--directory", str(tmp_path)]) == 0
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"README.md", PAGE, PAGE_16, *(f"{case.letter}.md" for case in CASES)}


def test_the_command_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """P has nothing new in 2.1."""
    assert main(["--missing", "P"]) == 0
    assert capsys.readouterr().out == ""
