from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from drivers.profiles.errors import ProfileError
from drivers.profiles.find import list_profiles, shipped_directory
from drivers.profiles.load import load_profile
from drivers.profiles.schema import document, schema
from tests.unit.drivers.profiles.editor import as_json
from tests.unit.drivers.profiles.samples import CONTROLLER, READER, SUNSPEC_METER, write

SHIPPED = list_profiles()
VALIDATOR = Draft202012Validator(schema())


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


def test_an_editor_can_explain_every_field() -> None:
    assert list(unexplained(schema())) == []


def unexplained(node: Any, place: str = "") -> Iterator[str]:
    """Yield the fields that have no description, in the place where they are allowed."""
    if isinstance(node, list):
        return
    if node.get("additionalProperties") is False:
        yield from (
            f"{place}.{name}" for name, field in node["properties"].items() if "description" not in field
        )
    for name, part in node.items():
        if isinstance(part, dict):
            yield from unexplained(part, f"{place}.{name}")


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
    assert [
        error.message for error in VALIDATOR.iter_errors(as_json(SHIPPED[name].read_text(encoding="utf-8")))
    ] == []
    first = SHIPPED[name].read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schema.json"


METER = SHIPPED["eastron-sdm630"].read_text(encoding="utf-8").replace("id: eastron-sdm630", "id: demo")
BASES = {"controller": CONTROLLER, "reader": READER, "sunspec": SUNSPEC_METER, "meter": METER}

WRONG: list[tuple[str, str, str]] = [
    ("meter", "kind: meter", "kind: metre"),
    ("meter", "maker: Eastron\n", ""),
    ("meter", "maker: Eastron", "maker: ~"),
    ("meter", "type: float32", "type: flaot32"),
    ("meter", "unit: kWh", "unit: kW"),
    ("meter", ", unit: V", ""),
    ("meter", "address: 0,", "address: -1,"),
    ("meter", "address: 0,", 'address: "0",'),
    ("meter", "address: 0,", "adress: 0,"),
    ("meter", "type: float32", "type: string"),
    ("meter", "type: float32", "type: coil"),
    ("meter", "type: float32", "type: bytes, length: 2"),
    ("meter", "measurand: Voltage, phase", "phase"),
    ("meter", "measurand: Voltage,", "measurand: Voltage, poll: once,"),
    ("meter", "measurand: Voltage,", "measurand: Voltage, poll: on_demand,"),
    ("meter", "valid: [0, 1000]", "valid: [0]"),
    ("meter", "valid: [0, 1000]", "valid: [0, many]"),
    ("meter", "valid: [0, 1000]", "bits: {0: a}"),
    ("meter", "valid: [0, 1000]", "states: {0: a}"),
    ("meter", "valid: [0, 1000]", "mask: 0xF"),
    ("meter", "valid: [0, 1000]", "scaled_by: {}"),
    ("meter", "valid: [0, 1000]", "write: {function: 16}"),
    ("meter", "baud: 9600", "baud: 9601"),
    ("meter", "unverified: [serial, unit]", "unverified: [colour]"),
    ("meter", "modbus:", "rapi: {serial: {baud: 9600, parity: N, stop_bits: 1}}\nmodbus:"),
    ("controller", "tcp_port: 502\n", "tcp_port: 0\n"),
    ("controller", "  tcp_port: 502\n", ""),
    ("controller", "dials_in: no", "dials_in: yes\n  answers: yes"),
    ("controller", "dials_in: no", "dials_in: perhaps"),
    ("controller", "max_write: 60", "max_write: 124"),
    ("controller", "write_gap_ms: 20", "write_gap_ms: soon"),
    ("controller", "identify: {", "identify: {}\nx: {"),
    ("controller", "board: [1, 2]", "board: []"),
    ("controller", "at_most:", "below:"),
    ("controller", '{at_most: "1.2"}', "{}"),
    ("controller", "board: {space", "Board: {space"),
    ("controller", "{A1: A", "{A1: Z"),
    ("controller", "mask: 0xC0}", "mask: 0xC0, role: pilot}"),
    ("controller", "mask: 0x0700", "mask: 0"),
    ("controller", "type: uint16, mask: 0xC0", "type: float32, mask: 0xC0"),
    ("controller", "type: uint16, mask: 0xC0", "type: uint16, mask: 0xC0, bits: {0: a}"),
    ("controller", "mask: 0xC0}", "mask: 0xC0, role: phases, states: {0: 1, 1: 2}}"),
    ("controller", "mask: 0xC0}", "mask: 0xC0, role: enable}"),
    ("controller", "{0: dark, 1: lit}", "{0: dark, 1: lit}, role: lock"),
    ("controller", "expires_s: 60", "expires_s: 0"),
    ("controller", "cool_down_s: 60", "cool_down_s: -1"),
    ("controller", "settle_ms: 300", "settle_ms: 1e9"),
    ("controller", "function: 15", "function: 6"),
    ("controller", "function: 16", "function: 5"),
    ("controller", "function: 16", "fnuction: 16"),
    (
        "controller",
        "type: uint16, scale: 0.1, unit: A, write: {function: 16}",
        "type: uint32, write: {function: 6}",
    ),
    ("controller", "type: coil, write", "type: coil, scale: 2, write"),
    ("controller", "needs: {mode: register}", "needs: {}"),
    ("controller", "length: 300, poll: on_demand", "length: 300, poll: slow"),
    ("controller", "length: 300, poll: on_demand", "length: 9, poll: slow"),
    ("controller", "length: 300, poll: on_demand,", "length: 300,"),
    ("controller", "length: 300", "length: 5000"),
    ("controller", "unit: bytes", "unit: words"),
    ("controller", "{point: size, unit", "{unit"),
    ("controller", "init:\n  - mode: register\n  - flag: 1\n", "init: []\n"),
    ("controller", "  - flag: 1\n", "  - {}\n"),
    ("controller", "init:\n  - mode: register\n  - flag: 1\n", "init: {mode: register}\n"),
    ("controller", "arm: [{fallback: 6}]", "arm: []"),
    ("controller", "feed: {heartbeat: 0x55AA}", "feed: sometimes"),
    ("controller", "feed: {heartbeat: 0x55AA}", "feed: {heartbeat: 1, fallback: 6}"),
    ("controller", "  feed: {heartbeat: 0x55AA}\n", ""),
    ("controller", "every_s: 5", "every_s: 0"),
    ("controller", "  safe_a: 6\n", ""),
    ("controller", "safe_a: 6", "safe_a: 6\n  safe_w: 0"),
    ("controller", "safe_a: 6", "safe_a: -6"),
    ("controller", "- write: {heartbeat: $token, flag: 1}", "- wrote: {flag: 1}"),
    ("controller", "- write: {heartbeat: $token, flag: 1}", "- write: {}"),
    ("controller", "- write: {heartbeat: $token, flag: 1}", "- {}"),
    ("controller", "- write: {heartbeat: $token, flag: 1}", "- {write: {flag: 1}, read: [size]}"),
    ("controller", "within_s: 10", "within_s: 601"),
    ("controller", "for: 3, ", ""),
    ("controller", "- read: [size, file]", "- read: []"),
    ("controller", "instances: {stride: 1000, most: 4, ", "instances: {stride: 1000, "),
    ("controller", "instances: {stride: 1000, most: 4, ", "instances: {most: 4, "),
    (
        "controller",
        "instances: {stride: 1000, most: 4, ",
        "instances: {stride: 1000, most: 4, offsets: [0], ",
    ),
    ("controller", "stride: 1000, most: 4", "offsets: [0, 0]"),
    ("controller", "stride: 1000, most: 4", "offsets: [0, 70000]"),
    ("controller", "most: 4", "most: 65"),
    ("reader", "pn532:", "pn533:"),
    ("reader", "pn532:", "modbus: {word_order: big, unit: 1}\npn532:"),
    ("reader", "pn532:", "points: {}\npn532:"),
    ("reader", "pn532:", "watchdog: {feed: read, every_s: 1, within_s: 2, safe_a: 0}\npn532:"),
    ("reader", "unverified: [serial]", "unverified: [unit]"),
    ("reader", "kind: reader", "kind: meter"),
    ("controller", "kind: charge-controller", "kind: reader"),
    ("controller", "write: {function: 15}", "write: {function: 15, range: [0, 1]}"),
    ("controller", "cool_down_s: 60", "range: [0, 3]"),
    ("sunspec", "bases: [0, 40000]", "bases: []"),
    ("sunspec", "bases: [0, 40000]", "bases: [99999]"),
    ("sunspec", ", model: 203", ""),
    ("sunspec", "model: 203", "model: 0"),
]
"""Profile, and what to replace in it by what is wrong."""

RIGHT: list[tuple[str, str, str]] = [
    ("meter", "", ""),
    ("controller", "", ""),
    ("reader", "", ""),
    ("sunspec", "", ""),
    ("meter", "maker: Eastron", "maker: 3155"),
    ("meter", "valid: [0, 1000]", "valid: [-1e2, +1000.5]"),
    ("meter", "valid: [0, 1000]", "readable: true"),
    (
        "reader",
        "kind: reader\nmaker: Acme\nmodel: Five\npn532: {",
        "kind: charge-controller\nmaker: Acme\nmodel: Five\nrapi: {",
    ),
    (
        "reader",
        READER[READER.index("kind:") :],
        "kind: meter\nmaker: Acme\nmodel: Five\nlem_dcbm: {tcp_port: 80, unverified: [tcp_port]}",
    ),
    ("controller", "dials_in: no", "dials_in: off\n  answers: no"),
    ("controller", "dials_in: no", "dials_in: on"),
    ("controller", "  tcp_port: 502\n", "  tcp_port: 502\n  serial: {baud: 9600, parity: E, stop_bits: 2}\n"),
    ("controller", '{at_most: "1.2"}', '{at_least: 0, at_most: "1.2"}'),
    ("controller", 'model: "RX*", board: [1, 2]', "board: 1"),
    ("controller", "light: {", "bit: {space: discrete, address: 1, type: coil}\n  light: {"),
    ("controller", "feed: {heartbeat: 0x55AA}", "feed: read"),
    ("controller", "feed: {heartbeat: 0x55AA}", "feed: write"),
    ("controller", "  arm: [{fallback: 6}]\n", ""),
    ("controller", "safe_a: 6", "safe_w: 1.5"),
    ("controller", "stride: 1000, most: 4", "offsets: [0, 0x0C00, 7000]"),
    ("controller", "size, unit: bytes", "size, unit: registers"),
    ("controller", "  - flag: 1\n", "  - {flag: 0, light: lit}\n"),
    ("controller", "for: 3,", "for: 0x10,"),
    ("controller", "mask: 0xC0}", "mask: 0xC0, role: phases, states: {0: 1, 1: '3'}}"),
    ("controller", "mask: 0xC0}", "mask: 0xC0, role: enable, states: {0: off, 1: on}}"),
    ("controller", ", states: {0: dark, 1: lit}", ", role: enable"),
]
"""Profile, and what to replace in it by something that is right too."""


@pytest.mark.parametrize(("base", "old", "new"), WRONG)
def test_what_the_loader_refuses_in_a_field_the_schema_refuses_too(
    tmp_path: Path, base: str, old: str, new: str
) -> None:
    assert old in BASES[base]
    path = write(tmp_path, BASES[base].replace(old, new, 1))
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    assert caught.value.line is not None
    assert not VALIDATOR.is_valid(as_json(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("base", "old", "new"), RIGHT)
def test_what_the_loader_takes_the_schema_takes_too(tmp_path: Path, base: str, old: str, new: str) -> None:
    assert old in BASES[base]
    path = write(tmp_path, BASES[base].replace(old, new, 1))
    load_profile(path)
    assert [error.message for error in VALIDATOR.iter_errors(as_json(path.read_text(encoding="utf-8")))] == []


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
    check_fields(caught.value, where)


@pytest.mark.parametrize(
    ("base", "place", "where"),
    [
        ("reader", "pn532: {", ["$defs", "pn532"]),
        ("reader", "serial: {", ["$defs", "serial"]),
        ("sunspec", "sunspec: {", ["$defs", "modbus", "properties", "sunspec"]),
        ("controller", "length_from: {", ["$defs", "point", "properties", "length_from"]),
        ("controller", "watchdog:\n  ", ["$defs", "watchdog"]),
        ("controller", "    - ", ["$defs", "step"]),
        ("controller", "wait: {", ["$defs", "step", "properties", "wait"]),
        ("controller", "instances: {", ["$defs", "instances"]),
        ("controller", "firmware: {at_", ["$defs", "conditions", "additionalProperties", "anyOf", 1]),
    ],
)
def test_the_schema_has_exactly_the_fields_of_what_is_inside(
    tmp_path: Path, base: str, place: str, where: list[str | int]
) -> None:
    assert place in BASES[base]
    begin, brace, rest = place.partition("{")
    indent = " " * len(place.rpartition("\n")[2])
    new = f"{begin}{{qqqq: 1, {rest}" if brace else f"{place}qqqq: 1\n{indent}"
    with pytest.raises(ProfileError) as caught:
        load_profile(write(tmp_path, BASES[base].replace(place, new, 1)))
    check_fields(caught.value, where)


def check_fields(error: ProfileError, where: Sequence[str | int]) -> None:
    """Compare the fields that the loader says it knows with those of a part of the schema."""
    match = re.fullmatch(r"unknown field; allowed here: ([a-z0-9_, ]+)", error.problem)
    assert match is not None
    node: Any = schema()
    for step in where:
        node = node[step]
    assert set(match[1].split(", ")) == set(node["properties"])
