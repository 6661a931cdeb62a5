"""OCPP 1.6's configuration keys as windows on the device model: one truth, two spellings (9)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import msgspec

from agent.csms.v16 import phase_rotation
from agent.station.station import Station
from agent.variables.model import STATION, DeviceModel, Entry, Place
from ocppj.messages import v16

LONGEST_VALUE = 500

Access = Literal["RW", "R", "W"]
Form = Literal["same", "maximum", "count", "rate-units", "connectors", "rotation", "security", "waits"]
"""How 1.6 writes a variable's value: as it is; its largest value; how many members it may have; ..."""

_RATE_UNITS = {"A": "Current", "W": "Power"}
_PUBLIC_KEY: Final = re.compile(r"MeterPublicKey(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One configuration key; it stands for `variable` at `place`, or always has `value`.

    `also`: another variable that takes what is written to it, where 1.6 has one key for two.
    """

    name: str
    variable: str | None = None
    also: str | None = None
    value: str | None = None
    access: Access = "RW"
    form: Form = "same"
    place: Place = STATION


@cache
def keys() -> Mapping[str, Key]:
    """Return every key of any station by its name in small letters."""
    data = tomllib.loads(files(__package__).joinpath("keys.toml").read_text("utf-8"))
    return {key.name.casefold(): key for key in msgspec.convert(data["key"], list[Key])}


def find(name: str, station: Station) -> Key | None:
    """Return the key of this name; names compare without case (CiString50Type)."""
    numbered = _PUBLIC_KEY.fullmatch(name)
    if numbered is None:
        return keys().get(name.casefold())
    return next((key for key in _public_keys(station) if key.name.casefold() == name.casefold()), None)


def everything(station: Station) -> list[Key]:
    """Return every key of this station."""
    return [*keys().values(), *_public_keys(station)]


def _public_keys(station: Station) -> list[Key]:
    """Return a key for each meter that signs."""
    return [
        Key(
            name=f"MeterPublicKey{evse_id}",
            variable="FiscalMetering.PublicKey",
            access="R",
            place=Place(evse_id),
        )
        for evse_id, service in station.evses.items()
        if service.signs
    ]


def entry_of(key: Key, model: DeviceModel) -> Entry | None:
    """Return the variable that a key stands for; None for a key that has a value of its own."""
    if key.variable is None or key.form == "rotation":
        return None
    component, _, rest = key.variable.partition(".")
    variable, _, instance = rest.partition("[")
    return model.find(component, variable, instance.rstrip("]") or None, key.place)


def is_readonly(key: Key, model: DeviceModel) -> bool:
    """Return whether the backend may not change it here."""
    if key.form in ("rotation", "security"):
        return False
    entry = entry_of(key, model)
    return key.access == "R" or entry is None or entry.variable.mutability == "ReadOnly"


def told(key: Key, station: Station) -> v16.KeyValue:
    """Return a key with its value as this version writes it; what may only be written has none."""
    value = None if key.access == "W" else _value(key, station)[:LONGEST_VALUE]
    return v16.KeyValue(key=key.name, readonly=is_readonly(key, station.settings), value=value)


def _value(key: Key, station: Station) -> str:
    model = station.settings
    match key.form, entry_of(key, model):
        case "connectors", _:
            return str(len(station.evses))
        case "rotation", _:
            return phase_rotation.read(station)
        case _, None:
            return key.value or ""
        case "maximum", entry:
            return str(model.maximum(entry) or 0)
        case "count", entry:
            return str(len(entry.variable.members))
        case "rate-units", entry:
            return ",".join(_RATE_UNITS[unit] for unit in model.value(entry).split(","))
        case _, entry:
            return model.value(entry)
