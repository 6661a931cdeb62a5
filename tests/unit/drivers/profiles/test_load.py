from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from drivers.profiles.derived import Derived
from drivers.profiles.errors import ProfileError
from drivers.profiles.load import load_profile
from drivers.profiles.point import ScaledBy

METER = """\
schema: chargehand-profile-1
id: demo
kind: meter
maker: Acme
model: One
modbus:
  word_order: big
  unit: 1
  serial: {baud: 9600, parity: N, stop_bits: 1}
points:
  energy: {space: input, address: 72, type: float32, measurand: Energy.Active.Import.Register, unit: kWh}
  voltage: {space: input, address: 0, type: uint16, scale: 0.1, measurand: Voltage, phase: L1-N, unit: V}
"""

CONTROLLER = """\
schema: chargehand-profile-1
id: demo
kind: charge-controller
maker: Acme
model: Two
modbus: {word_order: little, unit: 180, tcp_port: 502}
points:
  pilot: {space: input, address: 100, type: char_low, role: pilot, states: {A: A, B: B, C: C}}
  max: {space: holding, address: 300, type: uint16, role: max_current, write: {function: 6, range: [6, 80]}}
  on: {space: coil, address: 400, type: coil, role: enable, write: {function: 5}}
"""


def write(directory: Path, text: str) -> Path:
    path = directory / "demo.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_meter_is_read_into_points_with_units_and_a_plan(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, METER))
    assert (profile.id, profile.kind, profile.maker, profile.model) == ("demo", "meter", "Acme", "One")
    assert profile.modbus.serial is not None
    assert profile.modbus.serial.baud == 9600
    assert profile.modbus.max_read == 125
    voltage = profile.point("voltage")
    assert (voltage.scale, voltage.phase, voltage.reading_unit) == (Decimal("0.1"), "L1-N", "V")
    assert profile.find("Voltage", "L1-N") is voltage
    assert {(block.start, block.count) for block in profile.blocks} == {(0, 1), (72, 2)}


def test_a_controller_is_read_into_roles(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, CONTROLLER))
    enable, limit = profile.role("enable"), profile.role("max_current")
    assert enable is not None
    assert limit is not None
    assert enable.write is not None
    assert enable.write.function == 5
    assert limit.allows(Decimal(6))
    assert profile.role("cable_limit") is None
    assert limit.word_order == "little"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("chargehand-profile-1", "chargehand-profile-9", 1, "schema", "not one of chargehand-profile-1"),
        ("id: demo", "id: other", 2, "id", "'other' is not the file's name, 'demo'"),
        (
            "kind: meter",
            "kind: metre",
            3,
            "kind",
            "reader (did you mean 'meter'?)",
        ),
        ("maker: Acme\n", "", 1, "", "the field 'maker' is missing"),
        (
            "maker: Acme",
            "maker: Acme\ncolour: red",
            5,
            "colour",
            "unknown field; allowed here: schema, id, kind",
        ),
        ("unit: 1\n", "unit: 0\n", 8, "modbus.unit", "0 is not between 1 and 255"),
        ("unit: 1\n", "unit: one\n", 8, "modbus.unit", "'one' is not a whole number from 1 to 255"),
        ("9600", "9601", 9, "modbus.serial.baud", "9601 is not one of 1200, 2400, 4800, 9600"),
        ("parity: N", "parity: M", 9, "modbus.serial.parity", "'M' is not one of N, E, O"),
        ("float32", "flaot32", 11, "points.energy.type", "(did you mean 'float32'?)"),
        (
            "space: input, address: 72",
            "space: coil, address: 72",
            11,
            "points.energy.type",
            "type coil goes with",
        ),
        ("unit: kWh", "unit: kW", 11, "points.energy.unit", "'kW' is not one of Wh, kWh"),
        (", unit: kWh", "", 11, "points.energy", "the field 'unit' is missing: Wh or kWh for Energy.Active"),
        ("address: 72", "address: 65535", 11, "points.energy.address", "65535 is not between 0 and 65534"),
        ("phase: L1-N", "phase: L4", 12, "points.voltage.phase", "'L4' is not one of L1, L2"),
        ("scale: 0.1", "scale: 0", 12, "points.voltage.scale", "a scale of 0"),
        ("scale: 0.1", "scale: 1/10", 12, "points.voltage.scale", "'1/10' is not a number"),
        ("scale: 0.1", "scale: .nan", 12, "points.voltage.scale", "'.nan' is not a number"),
        ("scale: 0.1", "valid: [10]", 12, "points.voltage.valid", "[lowest, highest] is needed"),
        ("scale: 0.1", "valid: [10, 0]", 12, "points.voltage.valid", "the lowest value 10 is above"),
        ("scale: 0.1", "sentinels: 65535", 12, "points.voltage.sentinels", "a list in [brackets] is needed"),
        ("scale: 0.1", "sentinels: [x]", 12, "points.voltage.sentinels[0]", "'x' is not a whole number"),
        ("scale: 0.1", "readable: perhaps", 12, "points.voltage.readable", "'perhaps' is not one of yes, no"),
        ("scale: 0.1", "write: {function: 6}", 12, "points.voltage.write.function", "none: it is read-only"),
        ("voltage:", "energy:", 12, "points.energy", "given twice"),
        ("measurand: Voltage, ", "", 12, "points.voltage.phase", "a phase needs a measurand"),
        ("address: 0,", "address: 71,", 11, "points.energy", "max_read"),
        (
            "Energy.Active.Import.Register",
            "Energy.Active.Export.Register",
            11,
            "points",
            "a meter needs a point",
        ),
        (
            "\n  word_order: big\n  unit: 1\n  serial: {baud: 9600, parity: N, stop_bits: 1}",
            " 3",
            6,
            "modbus",
            "a mapping of field: value is needed",
        ),
        ("maker: Acme", "maker: []", 4, "maker", "a text is needed"),
        ("maker: Acme", "maker: [", 6, "", "not YAML"),
        ("maker: Acme", "maker: \t}", 4, "", "not YAML"),
        ("maker: Acme", "\tmaker: Acme", 4, "", "not YAML: a tab, where YAML wants spaces"),
    ],
)
def test_a_mistake_is_told_with_file_line_field_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, line: int, field: str, problem: str
) -> None:
    assert old in METER
    path = write(tmp_path, METER.replace(old, new, 1))
    if problem == "max_read":
        path.write_text(path.read_text().replace("unit: 1\n", "unit: 1\n  max_read: 1\n", 1))
        line += 1
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    error = caught.value
    assert (error.path, error.field) == (path, field)
    assert problem in error.problem
    assert error.line == line
    assert str(error).startswith(f"{path}:{line}: ")


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("role: enable", "role: enabel", 10, "points.on.role", "(did you mean 'enable'?)"),
        (", role: enable", "", 9, "points.max", "'max' lets energy flow, but nothing stops it"),
        ("role: enable", "role: pilot, states: {'1': A}", 10, "points.on", "two points have role 'pilot'"),
        ("role: max_current, ", "", 8, "points", "a charge controller needs a point with role 'max_current'"),
        ("C: C", "C: charging", 8, "points.pilot.states", "'charging' is not one of A, B, C, D, E, F"),
        (", states: {A: A, B: B, C: C}", "", 8, "points.pilot", "role pilot needs 'states'"),
        ("states: {A: A, B: B, C: C}", "states: {}", 8, "points.pilot.states", "at least one state"),
        (
            "function: 5",
            "function: 6",
            10,
            "points.on.write.function",
            "does not write space 'coil'; allowed: 5",
        ),
        ("range: [6", "rnage: [6", 9, "points.max.write.rnage", "(did you mean 'range'?)"),
    ],
)
def test_a_mistake_in_a_controller_is_told(
    tmp_path: Path, old: str, new: str, line: int, field: str, problem: str
) -> None:
    assert old in CONTROLLER
    with pytest.raises(ProfileError) as caught:
        load_profile(write(tmp_path, CONTROLLER.replace(old, new, 1)))
    assert (caught.value.line, caught.value.field) == (line, field)
    assert problem in caught.value.problem


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"demo\.yaml:1: the file is empty"):
        load_profile(write(tmp_path, "# nothing\n"))


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "demo.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProfileError, match="cannot be read"):
        load_profile(path)


def test_control_characters_are_told(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="not YAML"):
        load_profile(write(tmp_path, "schema: \x01\n"))


RICH = """\
schema: chargehand-profile-1
id: demo
kind: meter
maker: Acme
model: Three
notes: [Read the manual]
sources: [acme/manual p. 3]
verified_by: [somebody, on a real one]
modbus:
  word_order: little
  byte_order: little
  unit: 7
  max_hole: 4
  barriers: [0x20]
  request_gap_ms: 5
  unit_change_gap_ms: 200
  tcp_port: 502
  unverified: [tcp_port, max_hole]
points:
  energy:
    space: holding
    address: 0
    type: uint64
    scaled_by: {exponent: energy_exponent, multiplier: transformer}
    measurand: Energy.Active.Import.Register
    unit: Wh
  energy_exponent: {space: holding, address: 4, type: int16, valid: [-9, 9], example: -1}
  transformer: {space: holding, address: 32, type: uint16, poll: once, example: 40}
  power_in: {space: holding, address: 5, type: uint16, unit: W, byte_order: big, offset: -40}
  power_out: {space: holding, address: 6, type: uint16, unit: W, word_order: big}
  serial: {space: holding, address: 33, type: string, length: 4, poll: once, example: A42}
  mode: {space: holding, address: 7, type: uint16, states: {1: day, 2: night}, example: night}
  events: {space: holding, address: 8, type: uint32, bits: {0: lid_open, 31: hot}, poll: slow}
derived:
  power: {plus: [power_in], minus: [power_out], measurand: Power.Active.Import}
"""


def test_every_feature_is_read(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, RICH))
    energy, serial = profile.point("energy"), profile.point("serial")
    assert (profile.notes, profile.sources) == (("Read the manual",), ("acme/manual p. 3",))
    assert profile.verified_by == ("somebody", "on a real one")
    modbus = profile.modbus
    assert (modbus.barriers, modbus.request_gap_ms, modbus.unit_change_gap_ms) == ((32,), 5, 200)
    assert modbus.unverified == ("tcp_port", "max_hole")
    assert energy.scaled_by == (
        ScaledBy("energy_exponent", "exponent"),
        ScaledBy("transformer", "multiplier"),
    )
    assert (energy.byte_order, energy.word_order) == ("little", "little")
    assert (profile.point("power_in").byte_order, profile.point("power_out").word_order) == ("big", "big")
    assert (serial.count, serial.poll, serial.example) == (4, "once", "A42")
    assert profile.point("power_in").decode((100,)) == 60
    assert profile.point("mode").example == "night"
    assert profile.point("events").bits == {0: "lid_open", 31: "hot"}
    assert profile.derived == (
        Derived(name="power", measurand="Power.Active.Import", plus=("power_in",), minus=("power_out",)),
    )


def test_a_block_is_decoded_with_its_own_scales_and_those_read_once(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, RICH))
    block = next(block for block in profile.blocks if profile.point("energy") in block.points)
    registers = [0] * block.count
    registers[0], registers[4] = 0x0A00, 0xFEFF  # 10 with its bytes swapped, exponent -2 likewise
    assert profile.decode(block, registers, {"transformer": Decimal(40)})["energy"] == 4_000
    assert profile.decode(block, registers)["energy"] is None
    registers[4] = 0x6400  # an exponent of 100
    assert profile.decode(block, registers, {"transformer": Decimal(40)})["energy"] is None


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("byte_order: little", "byte_order: middle", 11, "modbus.byte_order", "not one of big, little"),
        ("barriers: [0x20]", "barriers: 32", 14, "modbus.barriers", "a list in [brackets]"),
        ("barriers: [0x20]", "barriers: [1]", 21, "points.energy", "a barrier lies inside energy"),
        ("request_gap_ms: 5", "request_gap_ms: -5", 15, "modbus.request_gap_ms", "not between 0 and 10000"),
        (
            "unverified: [tcp_port, max_hole]",
            "unverified: [tcp_prt]",
            18,
            "modbus.unverified[0]",
            "(did you mean 'tcp_port'?)",
        ),
        ("sources: [acme/manual p. 3]", "sources: acme", 7, "sources", "a list in [brackets]"),
        ("exponent: energy_exponent", "exponent: energy", 24, "points.energy.scaled_by.exponent", "not one"),
        (
            "exponent: energy_exponent",
            "exponent: energy_expnent",
            24,
            "points.energy.scaled_by.exponent",
            "(did you mean 'energy_exponent'?)",
        ),
        (
            "exponent: energy_exponent",
            "power: mode",
            24,
            "points.energy.scaled_by.power",
            "allowed here: exponent, decimals, multiplier",
        ),
        (
            "{exponent: energy_exponent, multiplier: transformer}",
            "{}",
            24,
            "points.energy.scaled_by",
            "one of exponent, decimals, multiplier is needed",
        ),
        ("exponent: energy_exponent", "exponent: mode", 21, "points.energy", "'mode' cannot scale a point"),
        ("exponent: energy_exponent", "exponent: serial", 21, "points.energy", "'serial' cannot scale"),
        ("address: 4,", "address: 40,", 21, "points.energy", "one read cannot take both"),
        (", length: 4", "", 31, "points.serial.type", "type string needs a 'length' in registers"),
        (
            "type: uint16, states",
            "type: uint16, length: 2, states",
            32,
            "points.mode.length",
            "only a string",
        ),
        ("length: 4", "length: 4, scale: 2", 31, "points.serial.scale", "type string is no number"),
        (
            "length: 4",
            "length: 400",
            31,
            "points.serial",
            "only a point with 'poll: on_demand' can be longer",
        ),
        ("length: 4", "length: 4097", 31, "points.serial.length", "4097 is not between 1 and 4096"),
        ("example: A42", "example: A42A42A42", 31, "points.serial.example", "at most 8 ASCII characters"),
        ("example: 40", "example: many", 28, "points.transformer.example", "'many' is not a number"),
        ("example: 40", "example: -40", 28, "points.transformer.example", "does not fit into uint16"),
        ("example: night", "example: noon", 32, "points.mode.example", "not one of day, night"),
        ("poll: slow", "poll: often", 33, "points.events.poll", "not one of fast, slow, once"),
        ("31: hot", "32: hot", 33, "points.events.bits.32", "'32' is not a bit from 0 to 31"),
        ("31: hot", "31: lid_open", 33, "points.events.bits", "each a name of its own"),
        (
            "type: uint32, bits",
            "type: float32, bits",
            33,
            "points.events.bits",
            "only a whole number has bits",
        ),
        ("bits:", "states: {1: x}, bits:", 33, "points.events", "a bit field has neither states nor"),
        (
            "states: {1: day, 2: night}, example: night",
            "states: {1: day}, measurand: Frequency, unit: Hz",
            32,
            "points.mode",
            "a point with states measures nothing",
        ),
        ("unit: Wh\n", "unit: Wh\n    poll: once\n", 21, "points.energy", "is read again and again"),
        (
            "unit: Wh\n",
            "unit: Wh\n    write: {function: 16}\n",
            21,
            "points.energy",
            "a point that is scaled by another cannot be written",
        ),
        ("  power: {plus", "  mode: {plus", 35, "derived.mode", "also the name of a point"),
        ("plus: [power_in]", "plus: [mode]", 35, "derived.power.plus[0]", "not one of power_in, power_out"),
        ("plus: [power_in]", "plus: []", 35, "derived.power.plus", "at least one name is needed"),
        (", measurand: Power.Active.Import", "", 35, "derived.power", "the field 'measurand' is missing"),
        (
            "measurand: Power.Active.Import}",
            "measurand: Power.Active.Import, unit: W}",
            35,
            "",
            "unknown field",
        ),
        (
            "poll: once, example: 40",
            "measurand: Power.Active.Import, unit: W",
            20,
            "points",
            "'transformer' and 'power' both are Power.Active.Import of the whole",
        ),
    ],
)
def test_a_mistake_in_any_feature_is_told(
    tmp_path: Path, old: str, new: str, line: int, field: str, problem: str
) -> None:
    assert old in RICH
    with pytest.raises(ProfileError) as caught:
        load_profile(write(tmp_path, RICH.replace(old, new, 1)))
    assert problem in caught.value.problem
    assert caught.value.line == line
    assert not field or caught.value.field == field
