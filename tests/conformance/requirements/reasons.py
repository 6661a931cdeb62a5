"""Why no test shows a requirement: docs/ocpp-requirements/<LETTER>.toml.

One line per requirement, `"A00.FR.206" = "CSMS: refuses unknown stations"`; before the colon stands the
state.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.conformance.requirements.catalogue import DIRECTORY


class State(StrEnum):
    """How a requirement stands."""

    SHOWN = "shown"
    DONE = "done"
    CSMS = "CSMS"
    NOT_APPLICABLE = "not applicable"
    NOT_YET = "not yet"
    OPEN = "open"
    """Neither a test nor a reason."""


CLAIMED = (State.DONE, State.CSMS, State.NOT_APPLICABLE, State.NOT_YET)
"""The states that a file of reasons may give."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What the file says of one requirement."""

    state: State
    text: str


class ReasonError(Exception):
    """A file of reasons is wrong; the message says where and what it should say."""


def reasons(directory: Path = DIRECTORY) -> Mapping[str, Reason]:
    """Return every reason by requirement.

    Raises:
        ReasonError: If a file cannot be read or a line has another form.
    """
    found: dict[str, Reason] = {}
    for path in sorted(directory.glob("*.toml")):
        if path.name != "ids.toml" and not path.name.startswith("test-cases"):
            for name, value in _table(path).items():
                if name in found:
                    raise ReasonError(f"{path.name}: {name} has a reason in two files")
                found[name] = _reason(path, name, value)
    return found


def _table(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ReasonError(f"{path.name}: {error}") from error


def _reason(path: Path, name: str, value: object) -> Reason:
    state, _, text = value.partition(":") if isinstance(value, str) else ("", "", "")
    if state not in CLAIMED or not text.strip():
        known = ", ".join(f"'{known}: ...'" for known in CLAIMED)
        raise ReasonError(f'{path.name}: "{name}" must be one of {known}, with the requirement in quotes')
    return Reason(State(state), text.strip())
