"""The declared variables: components/*.toml, one file per component, read once into frozen types.

Names, types and meanings are those of OCPP 2.0.1; other versions map onto them. In the data, `default` is the
value at first start (the station file's [variables] may give another), and absent where the running station
provides the value; `level` is station (default), evse, connector or slot (of a network profile);
`mutability` ReadWrite (default), ReadOnly or WriteOnly; `needs_restart` true where a written value is used
from the next start on.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

DataType = Literal[
    "string", "decimal", "integer", "dateTime", "boolean", "OptionList", "SequenceList", "MemberList"
]
Mutability = Literal["ReadOnly", "WriteOnly", "ReadWrite"]
Level = Literal["station", "evse", "connector", "slot"]

MEASURANDS = (
    "Current.Import",
    "Current.Offered",
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Register",
    "Frequency",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Factor",
    "Power.Offered",
    "Power.Reactive.Import",
    "SoC",
    "Voltage",
)
"""What meters of this version can measure; `members = "measurands"` in the data stands for these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One declared variable. `default` is None for live values, which the running station provides."""

    name: str
    type: DataType
    help: str
    default: str | None = None
    mutability: Mutability = "ReadWrite"
    unit: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    members: tuple[str, ...] = ()
    level: Level = "station"
    min_length: int = 0
    max_length: int = 1000
    in_summary: bool = False
    needs_restart: bool = False
    """A written value is used from the next start on."""

    @property
    def component(self) -> str:
        """The component's name."""
        return self.name.partition(".")[0]

    @property
    def variable(self) -> str:
        """The variable's name without its instance."""
        return self.name.partition(".")[2].partition("[")[0]

    @property
    def instance(self) -> str | None:
        """The variable's instance, such as "Default" of MessageTimeout."""
        return self.name.partition("[")[2].rstrip("]") or None


@cache
def declared() -> tuple[Variable, ...]:
    """Return every declared variable: components by name, variables in the order of the data."""
    components = sorted(files(__package__).joinpath("components").iterdir(), key=lambda file: file.name)
    return tuple(
        _variable(entry)
        for component in components
        for entry in tomllib.loads(component.read_text("utf-8"))["variable"]
    )


def _variable(entry: dict[str, Any]) -> Variable:
    if entry.get("members") == "measurands":
        entry = {**entry, "members": MEASURANDS}
    return msgspec.convert(entry, Variable)
