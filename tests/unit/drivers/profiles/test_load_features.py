"""Features beyond plain registers are read; mistakes in them are told with line, field and what is right."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from drivers.profiles.conditions import Condition
from drivers.profiles.errors import ProfileError
from drivers.profiles.links import LemDcbmDefaults, Pn532Defaults, RapiDefaults, SerialLine, SunSpec
from drivers.profiles.scripts import ReadStep, WaitStep, WriteStep
from drivers.profiles.writes import Setting, Variable
from tests.unit.drivers.profiles.samples import CONTROLLER, READER, SUNSPEC_METER, load


def test_how_to_write_a_point_is_read(tmp_path: Path) -> None:
    profile = load(tmp_path, CONTROLLER).variant({"firmware": "1.3"})
    limit, flag, mode, heartbeat = (
        profile.point(name).write for name in ("fine_limit", "flag", "mode", "heartbeat")
    )
    assert limit is not None
    assert flag is not None
    assert mode is not None
    assert heartbeat is not None
    assert (limit.off, limit.settle_ms, limit.verify, limit.expires_s) == (Decimal(0), 300, False, None)
    assert (flag.keeps_others, flag.needs) == (True, (Condition(point="mode", values=("register",)),))
    assert (mode.cool_down_s, mode.verify) == (60, True)
    assert not heartbeat.verify, "what cannot be read cannot be verified"
    old = load(tmp_path, CONTROLLER).variant({"firmware": "1.1"}).point("limit").write
    assert old is not None
    assert old.expires_s == 60


def test_what_to_do_with_a_device_is_read(tmp_path: Path) -> None:
    profile = load(tmp_path, CONTROLLER)
    assert profile.identify == (
        Condition(point="model", values=("RX*",)),
        Condition(point="board", values=(Decimal(1), Decimal(2))),
    )
    assert profile.init == (Setting("mode", "register"), Setting("flag", Decimal(1)))
    watchdog = profile.watchdog
    assert watchdog is not None
    assert (watchdog.arm, watchdog.feed) == (
        (Setting("fallback", Decimal(6)),),
        Setting("heartbeat", Decimal(0x55AA)),
    )
    assert (watchdog.every_s, watchdog.within_s, watchdog.safe_a) == (5, 20, Decimal(6))
    assert profile.scripts["snapshot"].steps == (
        WriteStep((Setting("heartbeat", Variable("token")), Setting("flag", Decimal(1)))),
        WaitStep(point="size", value=Decimal(3), within_s=10, every_ms=100),
        ReadStep(("size", "file")),
    )


def test_settings_are_in_the_unit_of_the_register_and_values_in_that_of_the_reading(tmp_path: Path) -> None:
    text = CONTROLLER.replace("scale: 0.1, unit: A, write: {function: 16}", "unit: mA, write: {function: 16}")
    watchdog = load(tmp_path, text.replace("{fallback: 6}", "{fallback: 6000}")).watchdog
    assert watchdog is not None
    assert watchdog.arm == (Setting("fallback", Decimal(6)),)


def test_a_variant_is_known_by_something_exact(tmp_path: Path) -> None:
    inexact = "  weight: {space: holding, address: 20, type: float32, poll: once, shared: yes}\n  number:"
    text = CONTROLLER.replace("  number:", inexact, 1).replace(
        '{firmware: {at_most: "1.2"}}', "{weight: 2}", 1
    )
    with pytest.raises(ProfileError, match="known by a text, a bit or a whole number, and 'weight' is none"):
        load(tmp_path, text)


def test_sections_of_other_protocols_are_read(tmp_path: Path) -> None:
    serial = SerialLine(baud=115200, parity="N", stop_bits=1)
    assert load(tmp_path, READER).link == Pn532Defaults(serial=serial, unverified=("serial",))
    rapi = READER.replace("pn532", "rapi").replace("kind: reader", "kind: charge-controller")
    assert load(tmp_path, rapi).link == RapiDefaults(serial=serial, unverified=("serial",))
    http = READER[: READER.index("pn532")] + "lem_dcbm: {tcp_port: 80}\n"
    http = http.replace("kind: reader", "kind: meter")
    assert load(tmp_path, http).link == LemDcbmDefaults(tcp_port=80)
    assert load(tmp_path, SUNSPEC_METER).modbus.sunspec == SunSpec(bases=(0, 40000), model=203)


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ("modbus:\n", "rapi: {}\nmodbus:\n", "", "exactly one of modbus, rapi, pn532, lem_dcbm is needed"),
        ("  tcp_port: 502\n", "", "modbus", "'tls' is for TCP: the field 'tcp_port' is missing"),
        (
            "dials_in: no",
            "dials_in: yes\n  answers: yes",
            "modbus",
            "either 'dials_in' (we ask) or 'answers'",
        ),
        ('model: "RX*"', "furmware: x", "identify.furmware", "(did you mean 'firmware'?)"),
        ("board: [1, 2]", "board: [1, two]", "identify.board[1]", "'two' is not a number"),
        ("board: [1, 2]", "board: 70000", "identify.board", "70000 does not fit into uint16"),
        ('model: "RX*"', "heartbeat: 1", "identify.heartbeat", "'heartbeat' cannot be read"),
        ('at_most: "1.2"', "at_most: beta", "points.limit.when.firmware", "a text with a version number"),
        (
            "{firmware: {at_most",
            "{frimware: {at_most",
            "points.limit.when.frimware",
            "not one of model, board",
        ),
        ("{firmware: {at_most", "{mode: {at_most", "points.limit.when.mode", "has no order here"),
        (
            '{firmware: {at_most: "1.2"}}',
            "{mode: auto}",
            "points.limit",
            "known by a point with 'poll: once'",
        ),
        ('{firmware: {at_most: "1.2"}}', '{firmware: "1.*"}', "points.limit.when.firmware", "an exact text"),
        ('{firmware: {at_most: "1.2"}}', "{}", "points.limit.when", "at least one point is needed"),
        ('{firmware: {at_most: "1.2"}}', "{firmware: {at_least: '2'}}", "points.", "role 'max_current'"),
        (", off: 0", "", "points.", "lets energy flow, but nothing stops it"),
        ("off: 0,", "off: many,", "points.", "'many' is not a number"),
        ("mask: 0x0700", "mask: 0x0500", "points.alarm.mask", "0x500 has a gap"),
        ("mask: 0x0700", "mask: 0x10000", "points.alarm.mask", "not between 1 and 65535"),
        ("type: uint16, mask: 0xC0", "type: int16, mask: 0xC0", "points.validity.mask", "uint16, uint32"),
        (
            "{0: none, 5: alarm}",
            "{0: none, 0x0: alarm}",
            "points.alarm.states.0x0",
            "raw value 0 is given twice",
        ),
        (
            "{0: none, 5: alarm}",
            "{zero: none}",
            "points.alarm.states.zero",
            "'zero' is not what a uint16 can hold",
        ),
        (
            "{0: none, 5: alarm}",
            "{65536: none}",
            "points.alarm.states.65536",
            "is not what a uint16 can hold",
        ),
        ("{0: dark, 1: lit}", "{2: lit}", "points.light.states.2", "is not what a coil can hold"),
        (
            "kind: charge-controller",
            "kind: reader",
            "kind",
            "what speaks modbus can be a meter or charge-controller",
        ),
        (
            'model: "RX*"',
            "limit: 6",
            "identify",
            "known by a point that all variants have, and not all 'limit'",
        ),
        (
            "mask: 0xC0}",
            "mask: 0xC0, write: {function: 6}}",
            "points.validity",
            "writing it would clear 'alarm'",
        ),
        (
            "write: {function: 15}",
            "write: {function: 15, range: [0, 1]}",
            "points.light",
            "a 'range' is for numbers",
        ),
        (
            "length: 300, poll: on_demand",
            "length: 9, poll: slow",
            "points.file",
            "can take its length from another",
        ),
        ("firmware: {space", "firmware: {when: {board: 1}, space", "points.", "a point that all have"),
        ("firmware: {space", "firmware: {when: {firmware: x}, space", "points.", "a point that all have"),
        (
            "mask: 0xC0",
            "mask: 0xC0, role: enable",
            "points.validity",
            "role enable needs 'states' that lead to",
        ),
        (
            "mask: 0xC0",
            "mask: 0xC0, role: state, states: {1: busy}",
            "points.validity.states",
            "not one of free",
        ),
        ("{mode: register}", "{mode: regster}", "points.flag.write.needs.mode", "did you mean 'register'"),
        ("mask: 0x80, write", "write", "points.flag", "'keeps_others' is for a point with a 'mask'"),
        ("function: 16", "function: 15", "points.fallback.write.function", "allowed: 6 or 16"),
        (
            "uint16, scale: 0.1, unit: A, write: {function: 16",
            "uint32, write: {function: 6",
            "points.fallback.",
            "16 writes several",
        ),
        ("{point: size, unit", "{point: siz, unit", "points.file.length_from.point", "did you mean 'size'"),
        ("{point: size, unit", "{point: mode, unit", "points.file", "'mode' cannot say a length"),
        ("{point: size, unit", "{point: model, unit", "points.file", "'model' cannot say a length"),
        ("- mode: register", "- mood: register", "init[0].mood", "did you mean 'mode'"),
        ("- mode: register", "- mode: hot", "init[0].mode", "'hot' is not one of auto, register"),
        ("- mode: register", "- number: 1", "init[0].number", "'number' cannot be written"),
        ("- flag: 1", "- flag: $x", "init[1].flag", "a $variable can only stand in a script"),
        ("- flag: 1", "- flag: 2", "init[1].flag", "does not fit into the bits of mask 0x80"),
        ("- flag: 1", "- fine_limit: 5", "init[1].fine_limit", "cannot be set to this; allowed: 6..32"),
        ("every_s: 5", "every_s: 20", "watchdog.every_s", "it would starve"),
        ("safe_a: 6", "safe_a: 6\n  safe_w: 0", "watchdog", "one of safe_a, safe_w is needed"),
        ("safe_a: 6", "safe_a: -1", "watchdog", "cannot be below 0"),
        (
            "feed: {heartbeat: 0x55AA}",
            "feed: {heartbeat: 0x155AA}",
            "watchdog.feed.heartbeat",
            "does not fit",
        ),
        ("feed: {heartbeat: 0x55AA}", "feed: reed", "watchdog.feed", "did you mean 'read'"),
        ("$token", "$to ken", "scripts.snapshot[0].write.heartbeat", "$ and a name are needed"),
        ("for: 3", "for: three", "scripts.snapshot[1].wait.for", "'three' is not a number"),
        ("{point: size, for", "{point: heartbeat, for", "scripts.snapshot[1].wait.point", "not one of model"),
        ("read: [size, file]", "read: [size, heartbeat]", "scripts.snapshot[2].read[1]", "not one of model"),
        ("- read: [size, file]", "- {}", "scripts.snapshot[2]", "exactly one of write, wait, read"),
        ("most: 4", "most: 65", "instances.most", "65 is not between 1 and 64"),
        ("stride: 1000", "stride: 30000", "instances", "beyond 65535"),
        ("counted_by: number", "counted_by: pilot", "instances.counted_by", "not one of board, number"),
        ("stride: 1000, most: 4", "offsets: [1, 2]", "instances.offsets", "the first of them 0"),
        ("stride: 1000, most: 4", "offsets: [0, 1000, 1000]", "instances.offsets", "offsets that differ"),
        ("instances: {stride: 1000, most: 4, counted_by: number}", "", "points.model", "with 'instances'"),
        (
            "  tcp_port: 502\n",
            "  tcp_port: 502\n  sunspec: {bases: [0], model: 1}\n",
            "instances",
            "no instances",
        ),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, field: str, problem: str) -> None:
    assert old in CONTROLLER
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, CONTROLLER.replace(old, new, 1))
    assert problem in caught.value.problem
    assert caught.value.field.startswith(field)
    assert caught.value.line is not None
    place = caught.value.field.split(".")[-1].split("[")[0]
    lines = CONTROLLER.replace(old, new, 1).splitlines()
    assert not place or any(
        place in line for line in lines[max(0, caught.value.line - 8) : caught.value.line]
    )
