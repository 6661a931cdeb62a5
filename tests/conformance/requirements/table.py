"""How every requirement stands: the catalogue, the tests and the reasons put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.conformance.requirements.catalogue import Requirement, UseCase
from tests.conformance.requirements.evidence import Shown
from tests.conformance.requirements.reasons import Reason, State

_DUTY_OF_CSMS = Reason(State.CSMS, "binds the CSMS only")
_OPEN = Reason(State.OPEN, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One requirement: the tests that show it, or why none does."""

    requirement: Requirement
    state: State
    tests: tuple[Shown, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Section:
    """One use case."""

    case: UseCase
    rows: tuple[Row, ...]


def sections(
    cases: tuple[UseCase, ...], tests: Mapping[str, tuple[Shown, ...]], reasons: Mapping[str, Reason]
) -> tuple[Section, ...]:
    """Return the table, use case by use case."""
    return tuple(
        Section(
            case,
            tuple(
                _row(requirement, tests.get(requirement.id, ()), reasons.get(requirement.id))
                for requirement in case.requirements
            ),
        )
        for case in cases
    )


def open_of_201(table: tuple[Section, ...]) -> list[str]:
    """Return the requirements of 2.0.1 that have neither a test nor a reason."""
    return [requirement.id for requirement in _open(table) if not requirement.is_new_in_21]


def open_of_21(table: tuple[Section, ...]) -> list[str]:
    """Return the requirements new in 2.1 that have neither a test nor a reason."""
    return [requirement.id for requirement in _open(table) if requirement.is_new_in_21]


def contradictions(table: tuple[Section, ...], reasons: Mapping[str, Reason]) -> list[str]:
    """Return the requirements that a test shows although their reason says that nothing does."""
    denied = {
        name for name, reason in reasons.items() if reason.state in (State.NOT_APPLICABLE, State.NOT_YET)
    }
    return [
        f"{row.requirement.id} is {reasons[row.requirement.id].state}, and shown by {row.tests[0].test}"
        for section in table
        for row in section.rows
        if row.state is State.SHOWN and row.requirement.id in denied
    ]


def _open(table: tuple[Section, ...]) -> Iterator[Requirement]:
    yield from (row.requirement for section in table for row in section.rows if row.state is State.OPEN)


def _row(requirement: Requirement, tests: tuple[Shown, ...], reason: Reason | None) -> Row:
    of_station = tuple(test for test in tests if not test.is_of_backend)
    if of_station:
        return Row(requirement=requirement, state=State.SHOWN, tests=of_station, why="")
    reason = reason or (_DUTY_OF_CSMS if requirement.binds_csms_only else _OPEN)
    shown = tests if reason.state is State.CSMS else ()
    return Row(requirement=requirement, state=reason.state, tests=shown, why=reason.text)
