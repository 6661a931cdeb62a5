"""The pages of docs/ocpp-requirements: one per block, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from tests.conformance.requirements.evidence import Shown
from tests.conformance.requirements.reasons import State
from tests.conformance.requirements.table import Row, Section

SUMMARY: Final = "README.md"

PREAMBLE: Final = """\
# OCPP 2.0.1 and 2.1, requirement by requirement

Made by `make docs` from [ids.toml](ids.toml), from what the tests say that they show, and from one file of
reasons per block (such as `B.toml`); do not edit. Numbers and texts are the standard's; the texts are not
repeated here.

- *shown*: the tests beside it fail if the charger does not keep to it.
- *done*: kept to, where no test of ours can show it; the page says how.
- *CSMS*: binds the other side. Tests beside it are of chargehand's own backend.
- *not applicable*: what it asks for cannot occur; the page says why.
- *not yet*: missing, or not yet held against the standard's text; the page says which.
- *open*: nobody has looked yet.

A test names a requirement in its docstring, at an assertion or at a parameter, always written out
(`B09.FR.03`). A few numbers of 2.0.1 mean something else in 2.1: a test names what 2.1 means by `A02.FR.19+`,
here it is `A02.FR.19 (2.1)`. `python -m tests.conformance.requirements --missing B` says what has neither
test nor reason. The public test cases of the OCA are in [test-cases.md](test-cases.md),
those of OCPP 1.6 in [test-cases-1.6.md](test-cases-1.6.md).
"""

_COLUMNS: Final = (State.SHOWN, State.DONE, State.CSMS, State.NOT_APPLICABLE, State.NOT_YET, State.OPEN)


def pages(table: tuple[Section, ...]) -> dict[str, str]:
    """Return every page by its file name."""
    blocks = [(letter, tuple(of)) for letter, of in groupby(table, key=lambda section: section.case.letter)]
    written = {f"{letter}.md": _lines(_block(of)) for letter, of in blocks}
    return {SUMMARY: PREAMBLE + "\n" + _lines(_summary(blocks)).rstrip("\n") + "\n"} | written


def _summary(blocks: list[tuple[str, tuple[Section, ...]]]) -> Iterator[str]:
    for heading, is_new in (("2.0.1", False), ("What 2.1 adds", True)):
        yield f"## {heading}"
        yield ""
        yield _line(("block", "requirements", *_COLUMNS))
        yield _line(["---"] * (len(_COLUMNS) + 2))
        counted = [(letter, of, _states(of, is_new=is_new)) for letter, of in blocks]
        for letter, of, states in counted:
            if states:
                yield _line((f"[{_title(of)}]({letter}.md)", *_numbers(states)))
        yield _line(("all", *_numbers(sum((states for *_, states in counted), Counter()))))
        yield ""


def _states(of: tuple[Section, ...], *, is_new: bool) -> Counter[State]:
    rows = (row for section in of for row in section.rows)
    return Counter(row.state for row in rows if row.requirement.is_new_in_21 is is_new)


def _numbers(states: Counter[State]) -> list[str]:
    return [str(states.total()), *(str(states[state] or "") for state in _COLUMNS)]


def _block(of: tuple[Section, ...]) -> Iterator[str]:
    yield f"# {_title(of)}"
    yield ""
    yield f"Made by `make docs`; do not edit. [What the words mean, and the other blocks]({SUMMARY})."
    for section in of:
        yield ""
        yield f"## {section.case.id} {section.case.name}".replace("  ", " ")
        yield ""
        yield _line(("requirement", "state", "by"))
        yield _line(["---"] * 3)
        for row in section.rows:
            yield _line((_name(row), row.state, _by(row)))


def _title(of: tuple[Section, ...]) -> str:
    case = of[0].case
    return f"{case.letter}: {case.block}" if case.id else case.block


def _name(row: Row) -> str:
    requirement = row.requirement
    return f"{requirement.id.removesuffix('+')}{' (2.1)' if requirement.is_new_in_21 else ''}"


def _by(row: Row) -> str:
    files = groupby(row.tests, key=lambda shown: shown.path)
    return "; ".join([*([row.why] if row.why else []), *(_tests(path, tuple(of)) for path, of in files)])


def _tests(path: str, shown: tuple[Shown, ...]) -> str:
    return f"[{path.removeprefix('tests/')}](../../{path}): " + ", ".join(f"`{one.test}`" for one in shown)


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |".replace("  ", " ")


def _lines(lines: Iterator[str]) -> str:
    return "".join(line + "\n" for line in lines)
