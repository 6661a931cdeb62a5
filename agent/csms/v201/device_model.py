"""How this version names components and variables of the device model."""

from __future__ import annotations

from dataclasses import replace

from agent.variables.model import STATION, DeviceModel, Entry, Place
from ocppj.messages import v201


def find(model: DeviceModel, component: v201.ComponentType, variable: v201.VariableType) -> Entry:
    """Return what the backend named.

    Raises:
        UnknownComponent: If no such component is there.
        UnknownVariable: If the component lacks the variable.
    """
    return model.find(component.name, variable.name, variable.instance or None, _where(component))


def place(evse: v201.EVSEType | None) -> Place:
    """Return where a component sits."""
    return STATION if evse is None else Place(evse.id, evse.connector_id)


def _where(component: v201.ComponentType) -> Place:
    return replace(place(component.evse), instance=component.instance or None)


def component_of(entry: Entry) -> v201.ComponentType:
    """Return the component as this version names it."""
    return component_at(entry.variable.name, entry.place)


def component_at(name: str, at: Place) -> v201.ComponentType:
    """Return the component of a variable of this full name."""
    evse = None if at.evse_id is None else v201.EVSEType(id=at.evse_id, connector_id=at.connector_id)
    return v201.ComponentType(name=name.partition(".")[0], instance=at.instance, evse=evse)


def variable_of(entry: Entry) -> v201.VariableType:
    """Return the variable as this version names it."""
    return variable_named(entry.variable.name)


def variable_named(name: str) -> v201.VariableType:
    """Return the variable of this full name."""
    variable, _, instance = name.partition(".")[2].partition("[")
    return v201.VariableType(name=variable, instance=instance.rstrip("]") or None)
