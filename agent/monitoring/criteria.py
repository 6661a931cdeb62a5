"""Which monitors a report is to be about (N02). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agent.monitoring.records import Kind, Monitor
from agent.variables.model import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Variables that are meant; None is any. Names compare without case.

    A component that names no EVSE is meant everywhere, one that names no connector at all of them (N02.FR.18,
    N02.FR.19).
    """

    component: str
    variable: str | None = None
    instance: str | None = None
    component_instance: str | None = None
    evse_id: int | None = None
    connector_id: int | None = None

    def __contains__(self, monitor: Monitor) -> bool:
        component, _, rest = monitor.name.partition(".")
        variable, _, instance = rest.partition("[")
        return (
            self.component_instance in (None, monitor.place.instance)
            and component.casefold() == self.component.casefold()
            and self._is_at(monitor.place)
            and (self.variable is None or variable.casefold() == self.variable.casefold())
            and (self.instance is None or instance.rstrip("]").casefold() == self.instance.casefold())
        )

    def _is_at(self, place: Place) -> bool:
        if self.evse_id is None:
            return True
        return place.evse_id == self.evse_id and self.connector_id in (None, place.connector_id)


def grouped(
    monitors: Iterable[Monitor], kinds: frozenset[Kind] | None, targets: tuple[Target, ...] | None
) -> list[list[Monitor]]:
    """Return the monitors that are meant, those of one variable together; None means all."""
    groups: dict[tuple[str, Place], list[Monitor]] = {}
    for monitor in monitors:
        if kinds is not None and monitor.kind not in kinds:
            continue
        if targets is None or any(monitor in target for target in targets):
            groups.setdefault((monitor.name, monitor.place), []).append(monitor)
    return list(groups.values())
