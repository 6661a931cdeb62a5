"""Functions whose modules are loaded when they are first called: few stations ever get all requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Late:
    """A function of a module that may not be loaded yet; called, it is that function."""

    module: str
    name: str

    def __call__(self, *arguments: Any) -> Any:
        """Return what the function returns."""
        return self.function(*arguments)

    @property
    def function(self) -> Callable[..., Any]:
        """The function itself."""
        found: Callable[..., Any] = getattr(import_module(self.module), self.name)
        return found


def late(where: str) -> Late:
    """Return the function that is named so below `agent.csms`: "v201.reset.handle"."""
    module, _, name = where.rpartition(".")
    return Late(f"agent.csms.{module}", name)
