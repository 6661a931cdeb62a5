"""Command scripts: what must be written, awaited and read in order, such as a signed reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drivers.profiles.values import Value
from drivers.profiles.writes import Setting, Variable


@dataclass(frozen=True, slots=True)
class WriteStep:
    """Write these points; those that are neighbours go in one request."""

    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitStep:
    """Read a point again and again until it has this value."""

    point: str
    value: Value
    within_s: int
    every_ms: int
    meanwhile: tuple[Value, ...] = ()
    """What it may have until then; anything else will not become the value. Empty for whatever."""


@dataclass(frozen=True, slots=True)
class ReadStep:
    """Read these points; they are the result of the script."""

    points: tuple[str, ...]


Step = WriteStep | WaitStep | ReadStep


@dataclass(frozen=True, slots=True)
class Script:
    """Steps in order."""

    name: str
    steps: tuple[Step, ...]

    @property
    def variables(self) -> frozenset[str]:
        """The names of the values that must be known to run it."""
        return frozenset(
            setting.value.name for setting in self._settings() if isinstance(setting.value, Variable)
        )

    @property
    def points(self) -> frozenset[str]:
        """The names of all points that it touches."""
        touched = {setting.point for setting in self._settings()}
        for step in self.steps:
            if isinstance(step, WaitStep):
                touched.add(step.point)
            elif isinstance(step, ReadStep):
                touched.update(step.points)
        return frozenset(touched)

    def _settings(self) -> Iterator[Setting]:
        for step in self.steps:
            if isinstance(step, WriteStep):
                yield from step.settings
