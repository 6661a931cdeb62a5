"""Writes hardware-profiles/schema.json, from which editors complete and check profile files.

It is made from the typed model and the loader's own limits: run `python -m drivers.profiles.schema` after
changing either; another file to write may be named. The loader says more than a schema can: what overlaps,
what cannot be read in one request.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import get_args

from drivers.profiles import schema_behaviour, schema_link, schema_point
from drivers.profiles.find import shipped_directory
from drivers.profiles.kinds import KINDS_OVER
from drivers.profiles.load import NAME, SCHEMA
from drivers.profiles.model import Kind
from drivers.profiles.schema_parts import Schema, choice, listed, record, reference, table, text, when
from drivers.readings import Measurand, Phase


def schema() -> Schema:
    """Return the JSON Schema (2020-12) of a profile file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "chargehand hardware profile",
        "description": "One device model: where its values lie, how they are coded and what they mean.",
        **record(_profile(), needed=("schema", "id", "kind", "maker", "model")),
        "oneOf": [{"required": [name]} for name in schema_link.TELLS],
        "if": {"required": ["modbus"]},
        "then": {"required": ["points"]},
        "else": {"properties": dict.fromkeys(_about_points(), False)},
        "allOf": [
            when({protocol.replace("-", "_"): True}, {"kind": {"enum": list(kinds)}}, [])
            for protocol, kinds in KINDS_OVER.items()
        ],
        "$defs": {
            **schema_link.sections(),
            "point": schema_point.point(),
            "write": schema_point.write(),
            **schema_behaviour.definitions(),
            "derived": record(_derived(), needed=("plus", "measurand")),
            "switch": {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "on", "off"]}]},
            "range": {
                **listed({"type": "number"}, "[lowest, highest], both allowed.", least=2),
                "maxItems": 2,
            },
            "texts": listed(text("A text."), "Texts."),
            "names": listed(text("A name."), "Names of points.", least=1),
        },
    }


def document() -> str:
    """Return the file's content."""
    return json.dumps(schema(), indent=2) + "\n"


def _profile() -> dict[str, Schema]:
    return {
        "schema": choice((SCHEMA,), "The version of this format."),
        "id": text("The name of the file without .yaml; station files name the profile by it."),
        "kind": choice(get_args(Kind), "What the device is."),
        "maker": text("Who makes it."),
        "model": text("The model or models that have this map."),
        "notes": reference("texts", "What an integrator should know, one sentence or two each."),
        "sources": reference("texts", "Where the facts come from."),
        "verified_by": reference("texts", "Who has read a real device with this profile, and which."),
        **{name: reference(name, tells) for name, tells in schema_link.TELLS.items()},
        **_about_points(),
    }


def _about_points() -> dict[str, Schema]:
    return {
        "points": table({"$ref": "#/$defs/point"}, "The device's values by name.", names=f"^{NAME.pattern}$"),
        "derived": {
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/derived"},
            "description": "Values reckoned from points, by name.",
        },
        **schema_behaviour.behaviour(),
    }


def _derived() -> dict[str, Schema]:
    return {
        "plus": reference("names", "Points to add."),
        "minus": reference("names", "Points to subtract."),
        "measurand": choice(get_args(Measurand), "What the result measures."),
        "phase": choice(get_args(Phase), "Which phase; none for the whole."),
    }


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped_directory() / "schema.json"
    path.write_text(document(), encoding="utf-8")
    sys.stdout.write(f"{path}\n")
