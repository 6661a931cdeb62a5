from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from drivers.profiles.errors import ProfileError
from drivers.profiles.find import list_profiles, shipped_directory
from drivers.profiles.load import load_profile
from drivers.profiles.schema import document, schema

SHIPPED = list_profiles()
VALIDATOR = Draft202012Validator(schema())


def as_json(value: Any) -> Any:
    """Return what an editor sees: keys are texts, also the word that YAML 1.1 takes for a boolean."""
    if isinstance(value, dict):
        return {"off" if key is False else str(key): as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


def parsed(path: Path) -> Any:
    return as_json(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_the_file_has_not_drifted_from_the_model() -> None:
    assert (shipped_directory() / "schema.json").read_text(encoding="utf-8") == document(), (
        "run: python -m drivers.profiles.schema"
    )


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    done = subprocess.run(
        [sys.executable, "-m", "drivers.profiles.schema", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{path}\n"
    assert path.read_text(encoding="utf-8") == document()


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_shipped_profile_is_valid_and_points_its_editor_to_the_schema(name: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(parsed(SHIPPED[name]))] == []
    first = SHIPPED[name].read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schema.json"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: meter", "kind: metre"),
        ("maker: Eastron\n", ""),
        ("type: float32", "type: flaot32"),
        ("unit: kWh", "unit: kW"),
        (", unit: V", ""),
        ("address: 0,", "address: -1,"),
        ("address: 0,", "adress: 0,"),
        ("type: float32", "type: string"),
        ("type: float32", "type: coil"),
        ("measurand: Voltage, phase", "phase"),
        ("valid: [0, 1000]", "valid: [0]"),
        ("valid: [0, 1000]", "bits: {0: a}"),
        ("baud: 9600", "baud: 9601"),
        ("unverified: [serial, unit]", "unverified: [colour]"),
    ],
)
def test_what_the_loader_refuses_in_a_field_the_schema_refuses_too(
    tmp_path: Path, old: str, new: str
) -> None:
    original = SHIPPED["eastron-sdm630"].read_text(encoding="utf-8")
    assert old in original
    path = tmp_path / "eastron-sdm630.yaml"
    path.write_text(original.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProfileError):
        load_profile(path)
    assert not VALIDATOR.is_valid(parsed(path))


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("id: p\n", []),
        ("modbus:\n", ["$defs", "modbus"]),
        ("  serial:\n", ["$defs", "serial"]),
        ("  energy:\n", ["$defs", "point"]),
        ("    scaled_by:\n", ["$defs", "point", "properties", "scaled_by"]),
        ("    write:\n", ["$defs", "write"]),
        ("  sum:\n", ["$defs", "derived"]),
    ],
)
def test_the_schema_has_exactly_the_fields_that_the_loader_knows(
    tmp_path: Path, place: str, where: list[str]
) -> None:
    profile = (
        "id: p\nschema: chargehand-profile-1\nkind: meter\nmaker: A\nmodel: B\n"
        "modbus:\n  unit: 1\n  word_order: big\n  serial:\n    baud: 9600\n    parity: N\n    stop_bits: 1\n"
        "points:\n  energy:\n    space: holding\n    address: 0\n    type: uint32\n    unit: Wh\n"
        "    measurand: Energy.Active.Import.Register\n"
        "    scaled_by:\n      exponent: e\n"
        "  e: {space: holding, address: 2, type: int16, unit: W}\n"
        "derived:\n  sum:\n    plus: [e]\n    measurand: Power.Active.Import\n"
    )
    if "write" in place:
        profile = profile.replace("    scaled_by:\n      exponent: e\n", "    write:\n      function: 16\n")
    indent = " " * (len(place) - len(place.lstrip()) + (2 if place.endswith(":\n") else 0))
    path = tmp_path / "p.yaml"
    path.write_text(profile)
    load_profile(path)
    path.write_text(profile.replace(place, f"{place}{indent}qqqq: 1\n", 1))
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    match = re.fullmatch(r"unknown field; allowed here: ([a-z0-9_, ]+)", caught.value.problem)
    assert match is not None
    node: Any = schema()
    for step in where:
        node = node[step]
    assert set(match[1].split(", ")) == set(node["properties"])
