"""Writes hardware-profiles/schema.json, from which editors complete and check profile files.

It is made from the typed model and the loader's own limits: run `python -m drivers.profiles.schema` after
changing either; another file to write may be named. The loader says more than a schema can: what overlaps,
what cannot be read in one request.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final, get_args

from drivers.profiles.codec import INTEGERS, TYPES
from drivers.profiles.find import shipped_directory
from drivers.profiles.load import BAUDS, LONGEST_GAP_MS, MAY_BE_UNVERIFIED, SCHEMA
from drivers.profiles.load_point import BIT_SPACES, MAX_READ_REGISTERS, WRITE_FUNCTIONS
from drivers.profiles.model import Kind, Order, Parity, Poll, Role, Scaling, Space
from drivers.profiles.units import READING_UNIT, units_of
from drivers.readings import Measurand, Phase

Schema = dict[str, Any]

SCALING_TELLS: Final[dict[Scaling, str]] = {
    "exponent": "Times 10 to the power of that point (SunSpec scale factors, counters with an exponent).",
    "decimals": "That point says how many of the digits are decimals.",
    "multiplier": "Times that point (transformer ratios).",
}


def schema() -> Schema:
    """Return the JSON Schema (2020-12) of a profile file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "chargehand hardware profile",
        "description": "One device model: where its values lie, how they are coded and what they mean.",
        **_object(_profile(), needed=("schema", "id", "kind", "maker", "model", "modbus", "points")),
        "$defs": {
            "modbus": _object(_modbus(), needed=("word_order", "unit")),
            "serial": _object(_serial(), needed=("baud", "parity", "stop_bits")),
            "point": {**_object(_point(), needed=("space", "address", "type")), "allOf": _dependencies()},
            "derived": _object(_derived(), needed=("plus", "measurand")),
            "switch": {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]},
            "range": {
                "type": "array",
                "items": {"type": "number"},
                "minItems": 2,
                "maxItems": 2,
                "description": "[lowest, highest], both allowed.",
            },
            "texts": {"type": "array", "items": {"type": "string", "minLength": 1}},
            "names": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        },
    }


def text() -> str:
    """Return the file's content."""
    return json.dumps(schema(), indent=2) + "\n"


def _profile() -> dict[str, Schema]:
    return {
        "schema": _choice((SCHEMA,), "The version of this format."),
        "id": _text("The name of the file without .yaml; station files name the profile by it."),
        "kind": _choice(get_args(Kind), "What the device is."),
        "maker": _text("Who makes it."),
        "model": _text("The model or models that have this map."),
        "notes": _reference("texts", "What an integrator should know, one sentence or two each."),
        "sources": _reference("texts", "Where the facts come from."),
        "verified_by": _reference("texts", "Who has read a real device with this profile, and which."),
        "modbus": _reference("modbus", "How the device speaks Modbus."),
        "points": {
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/point"},
            "minProperties": 1,
            "description": "The device's values by name.",
        },
        "derived": {
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/derived"},
            "description": "Values reckoned from points, by name.",
        },
    }


def _modbus() -> dict[str, Schema]:
    gap = "Silence in ms that the device needs before a request"
    return {
        "word_order": _choice(get_args(Order), "Which register of a number comes first: the big end or not."),
        "byte_order": _choice(get_args(Order), "Which byte of a register comes first; big unless said."),
        "unit": _integer(1, 255, "The unit address it leaves the factory with."),
        "max_read": _integer(1, MAX_READ_REGISTERS, "How many registers it gives in one read."),
        "max_hole": _integer(0, MAX_READ_REGISTERS, "How many registers without a point a read may span."),
        "barriers": {
            "type": "array",
            "items": {"type": "integer", "minimum": 1, "maximum": 65535},
            "description": "Addresses that no read may span from below: a new read begins there.",
        },
        "request_gap_ms": _integer(0, LONGEST_GAP_MS, f"{gap}."),
        "unit_change_gap_ms": _integer(0, LONGEST_GAP_MS, f"{gap} if another unit was asked before."),
        "serial": _reference("serial", "The line settings it leaves the factory with."),
        "tcp_port": _integer(1, 65535, "The TCP port, if it speaks Modbus TCP."),
        "unverified": {
            "type": "array",
            "items": {"enum": list(MAY_BE_UNVERIFIED)},
            "description": "Which of these facts come from one weak source.",
        },
    }


def _serial() -> dict[str, Schema]:
    return {
        "baud": {"enum": list(BAUDS)},
        "parity": _choice(get_args(Parity), "None, even or odd."),
        "stop_bits": {"enum": [1, 2]},
    }


def _point() -> dict[str, Schema]:
    return {
        "space": _choice(get_args(Space), "Which table; functions 1, 2, 3 and 4 read them, in this order."),
        "address": _integer(0, 65535, "Counted from 0, as on the wire; 0x hexadecimal is fine."),
        "type": _choice(TYPES, "The format of the registers."),
        "length": _integer(1, MAX_READ_REGISTERS, "Registers of a string."),
        "word_order": _choice(get_args(Order), "If it differs from the device's."),
        "byte_order": _choice(get_args(Order), "If it differs from the device's."),
        "scale": _number("What one count is in the unit; not 0."),
        "offset": _number("Added after scaling, in the unit."),
        "scaled_by": {
            **_object({how: _text(SCALING_TELLS[how]) for how in get_args(Scaling)}),
            "minProperties": 1,
            "description": "Names of points that also scale this one.",
        },
        "unit": _choice(tuple(READING_UNIT), "The unit of the register after scaling."),
        "measurand": _choice(get_args(Measurand), "What it measures, as OCPP calls it."),
        "phase": _choice(get_args(Phase), "Which phase; none for the whole."),
        "role": _choice(get_args(Role), "Its part in controlling a charge."),
        "states": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "string"},
            "description": "Raw value: what it means.",
        },
        "bits": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[0-9]+$"},
            "additionalProperties": {"type": "string"},
            "description": "Bit, 0 being the least significant: its name.",
        },
        "valid": _reference("range", "Values outside, in the unit, are no values."),
        "sentinels": {
            "type": "array",
            "items": {"type": "integer", "minimum": 0},
            "description": "Patterns, most significant register first and unsigned, that mean: no value.",
        },
        "readable": _reference("switch", "no for a point that can only be written."),
        "write": {
            **_object(
                {
                    "function": {"enum": sorted({f for codes in WRITE_FUNCTIONS.values() for f in codes})},
                    "range": _reference("range", "What may be written, in the unit."),
                },
                needed=("function",),
            ),
            "description": "How it is written; a point without it is read-only.",
        },
        "poll": _choice(get_args(Poll), "How often it is read; fast (with every poll) unless said."),
        "example": {
            "type": ["number", "string"],
            "description": "What a real device shows here; the emulated one shows it too.",
        },
        "unverified": _reference("switch", "yes if the fact comes from one weak source."),
    }


def _derived() -> dict[str, Schema]:
    return {
        "plus": _reference("names", "Points to add."),
        "minus": _reference("names", "Points to subtract."),
        "measurand": _choice(get_args(Measurand), "What the result measures."),
        "phase": _choice(get_args(Phase), "Which phase; none for the whole."),
    }


def _dependencies() -> list[Schema]:
    """Return what one field of a point demands of the others."""
    units = [
        _when({"measurand": {"const": measurand}}, {"unit": {"enum": list(units_of(measurand))}}, ["unit"])
        for measurand in get_args(Measurand)
    ]
    return [
        *units,
        _when({"type": {"const": "string"}}, {}, ["length"]),
        _when({"type": {"const": "coil"}}, {"space": {"enum": list(BIT_SPACES)}}, []),
        _when({"bits": True}, {"type": {"enum": list(INTEGERS)}}, []),
        _when({"phase": True}, {}, ["measurand"]),
    ]


def _when(there: Schema, then: Schema, needed: list[str]) -> Schema:
    return {
        "if": {"properties": there, "required": list(there)},
        "then": {"properties": then, "required": needed},
    }


def _object(properties: dict[str, Schema], *, needed: tuple[str, ...] = ()) -> Schema:
    required: Schema = {"required": list(needed)} if needed else {}
    return {"type": "object", "properties": properties, **required, "additionalProperties": False}


def _choice(allowed: tuple[str, ...], description: str) -> Schema:
    return {"enum": list(allowed), "description": description}


def _text(description: str) -> Schema:
    return {"type": "string", "minLength": 1, "description": description}


def _number(description: str) -> Schema:
    return {"type": "number", "description": description}


def _integer(low: int, high: int, description: str) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high, "description": description}


def _reference(name: str, description: str) -> Schema:
    return {"$ref": f"#/$defs/{name}", "description": description}


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped_directory() / "schema.json"
    path.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{path}\n")
