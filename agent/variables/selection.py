"""Which variables a report is about (OCPP 2.0.1 B08). Pure, and free of any version's messages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.variables.model import Entry, Place

Criterion = Literal["Active", "Available", "Enabled", "Problem"]
Value = Callable[[Entry], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A component, or one of its variables. What is None is left open: it matches whatever there is."""

    component: str
    variable: str | None = None
    instance: str | None = None
    component_instance: str | None = None
    evse_id: int | None = None
    connector_id: int | None = None

    def matches(self, entry: Entry) -> bool:
        """Return whether this names the entry; names compare without case."""
        variable, place = entry.variable, entry.place
        return (
            variable.component.casefold() == self.component.casefold()
            and _fits(self.variable, variable.variable)
            and _fits(self.instance, variable.instance or "")
            and _fits(self.component_instance, place.instance or "")
            and self.evse_id in (None, place.evse_id)
            and self.connector_id in (None, place.connector_id)
        )


def select(
    entries: Sequence[Entry], value: Value, criteria: Collection[Criterion], wanted: Sequence[Wanted] | None
) -> list[Entry]:
    """Return the entries of components that meet any of the criteria, as far as they are wanted.

    Without criteria every component will do; without `wanted` every variable is.
    """
    found = [entry for entry in entries if wanted is None or any(one.matches(entry) for one in wanted)]
    if not criteria:
        return found
    told = _Flags(entries, value)
    return [entry for entry in found if any(told.meets(entry, criterion) for criterion in criteria)]


class _Flags:
    """What each component says of itself in Active, Available, Enabled and Problem, in any instance."""

    def __init__(self, entries: Sequence[Entry], value: Value) -> None:
        self._flags: dict[tuple[str, Place, str], bool] = {}
        for entry in entries:
            if entry.variable.variable in ("Active", "Available", "Enabled", "Problem"):
                key = (entry.variable.component, entry.place, entry.variable.variable)
                self._flags[key] = self._flags.get(key, False) or value(entry) == "true"

    def meets(self, entry: Entry, criterion: Criterion) -> bool:
        """Return whether the entry's component does; one that does not say has no problem, and is active."""
        is_assumed = criterion != "Problem"
        return self._flags.get((entry.variable.component, entry.place, criterion), is_assumed)


def _fits(wanted: str | None, name: str) -> bool:
    return wanted is None or wanted.casefold() == name.casefold()
