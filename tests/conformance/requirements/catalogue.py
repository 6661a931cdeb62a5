"""The requirements that there are, from docs/ocpp-requirements/ids.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DIRECTORY: Final = Path(__file__).parents[3] / "docs" / "ocpp-requirements"
GENERAL: Final = "General"
"""What stands for the letter of the requirements that belong to no use case."""
NAMED: Final = re.compile(r"(?<![\w.])(?:[A-S]\d\d\.)?FR\.\d{2,3}\b\+?")
"""A requirement as tests and pages write it."""

_NUMBER: Final = re.compile(r"(?P<digits>\d{2,3})(?P<new>\+?)(?P<csms>c?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement; `id` ends in + where 2.1 gave a number of 2.0.1 to something else, and only there."""

    id: str
    is_new_in_21: bool
    binds_csms_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCase:
    """A use case and its requirements, in the standard's order."""

    id: str
    """Such as B01; empty for what belongs to no use case."""
    block: str
    name: str
    requirements: tuple[Requirement, ...]

    @property
    def letter(self) -> str:
        """The block's letter, which names its files."""
        return self.id[:1] or GENERAL


def use_cases(path: Path = DIRECTORY / "ids.toml") -> tuple[UseCase, ...]:
    """Return every use case."""
    return tuple(_use_case(table) for table in tomllib.loads(path.read_text("utf-8"))["use_case"])


def requirements(cases: tuple[UseCase, ...]) -> Iterator[Requirement]:
    """Yield every requirement of these use cases."""
    for case in cases:
        yield from case.requirements


def letters(cases: tuple[UseCase, ...]) -> tuple[str, ...]:
    """Return the letters of the blocks, in order."""
    return tuple(dict.fromkeys(case.letter for case in cases))


def _use_case(table: dict[str, str]) -> UseCase:
    use_case = table.get("id", "")
    is_new = "since" in table
    numbers = table["requirements"].split()
    return UseCase(
        id=use_case,
        block=table["block"],
        name=table["name"],
        requirements=tuple(_requirement(use_case, number, numbers, is_new=is_new) for number in numbers),
    )


def _requirement(use_case: str, text: str, beside: list[str], *, is_new: bool) -> Requirement:
    number = _NUMBER.fullmatch(text)
    if number is None:
        raise ValueError(f"ids.toml: {use_case} has {text!r}: expected digits, then + or c if need be")
    is_reused = bool(number["new"]) and number["digits"] in beside
    return Requirement(
        id=f"{use_case}.FR.{number['digits']}".lstrip(".") + ("+" if is_reused else ""),
        is_new_in_21=is_new or bool(number["new"]),
        binds_csms_only=bool(number["csms"]),
    )
