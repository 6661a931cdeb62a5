"""OCPP 1.6's configuration keys as windows on the device model: one truth, two spellings (9)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from agent.variables.model import STATION, DeviceModel, Entry
from ocppj.messages import v16

LONGEST_VALUE = 500

Access = Literal["RW", "R", "W"]
Form = Literal["same", "maximum", "rate-units", "connectors"]

_RATE_UNITS = {"A": "Current", "W": "Power"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One configuration key; it stands for `variable`, or always has `value`."""

    name: str
    variable: str | None = None
    value: str | None = None
    access: Access = "RW"
    form: Form = "same"


@cache
def keys() -> Mapping[str, Key]:
    """Return every key by its name in small letters: names compare without case (CiString50Type)."""
    data = tomllib.loads(files(__package__).joinpath("keys.toml").read_text("utf-8"))
    return {key.name.casefold(): key for key in msgspec.convert(data["key"], list[Key])}


def entry_of(key: Key, model: DeviceModel) -> Entry | None:
    """Return the variable that a key stands for; None for a key that has a value of its own."""
    if key.variable is None:
        return None
    component, _, rest = key.variable.partition(".")
    variable, _, instance = rest.partition("[")
    return model.find(component, variable, instance.rstrip("]") or None, STATION)


def is_readonly(key: Key, model: DeviceModel) -> bool:
    """Return whether the backend may not change it here."""
    entry = entry_of(key, model)
    return key.access == "R" or entry is None or entry.variable.mutability == "ReadOnly"


def told(key: Key, model: DeviceModel, connectors: int) -> v16.KeyValue:
    """Return a key with its value as this version writes it; what may only be written has none."""
    value = None if key.access == "W" else _value(key, model, connectors)[:LONGEST_VALUE]
    return v16.KeyValue(key=key.name, readonly=is_readonly(key, model), value=value)


def _value(key: Key, model: DeviceModel, connectors: int) -> str:
    entry = entry_of(key, model)
    if key.form == "connectors":
        return str(connectors)
    if entry is None:
        return key.value or ""
    match key.form:
        case "maximum":
            return str(model.maximum(entry) or 0)
        case "rate-units":
            return ",".join(_RATE_UNITS[unit] for unit in model.value(entry).split(","))
        case _:
            return model.value(entry)
