from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from drivers.emulated.ev import EvSpec
from drivers.emulated.faults.injection import Injection, Schedule, Where
from drivers.emulated.faults.requests import ExceptionReply
from drivers.emulated.faults.wire import Crc
from drivers.emulated.grid import GridSpec
from drivers.emulated.line import LineTiming
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import (
    BaySpec,
    DialOutSpec,
    RtuOverTcpSpec,
    SerialSpec,
    TcpSpec,
    TimedCommand,
)
from drivers.emulated.scenario import load_scenario
from drivers.profiles.errors import ProfileError

SITE = """\
scenario: chargehand-scenario-1
seed: 7
speed: 60
bays:
  left: {plugged: yes, ev: {phases: 1, onboard_limit_a: 16, battery_kwh: 50, charge_percent: 90}}
  right: {grid: {voltage_v: 225, frequency_hz: 50.02}}
lines:
  bus: {kind: serial, baud: 19200, parity: E, link: bus, turn_around_ms: 5}
  gateway: {kind: rtu-over-tcp, port: 4001}
  net: {kind: tcp}
  out: {kind: dials, port: 5020}
devices:
  meter1: {profile: eastron-sdm630, line: bus, bay: left, start_kwh: 999999.9}
  meter2: {profile: carlo-gavazzi-em340, line: bus, bay: right, unit: 2, shows: {identification: EM340}}
  cp1: {profile: phoenix-em-cp-pp-eth, line: net, bay: left, shows: {error_code: 7}}
script:
  - {at: 10, do: unplug left}
  - {at: 2.5, do: fault meter1 crc for 3}
  - {at: 12, do: quit}
faults:
  - {device: meter1, fault: crc, at: 20, for: 5, every: 60, chance: 0.5}
  - {fault: exception, with: 6, device: meter2, times: 3, function: 3, address: 40-60}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "site.yaml"
    path.write_text(SITE)
    return path


def test_everything_that_a_scenario_says(site: Path) -> None:
    spec = load_scenario(site)
    assert (spec.seed, spec.speed) == (7, 60.0)
    assert spec.bays == {
        "left": BaySpec(plugged=True, ev=EvSpec(phases=1, onboard_limit_a=16, battery_kwh=50, stored_kwh=45)),
        "right": BaySpec(grid=GridSpec(voltage_v=225, frequency_hz=50.02)),
    }
    assert spec.lines == {
        "bus": SerialSpec(
            timing=LineTiming(baud=19200, bits_per_character=11),
            turn_around_s=0.005,
            link=site.parent / "bus",
        ),
        "gateway": RtuOverTcpSpec(port=4001),
        "net": TcpSpec(),
        "out": DialOutSpec(port=5020),
    }
    assert spec.devices["meter1"].start_mwh == 999_999_900_000
    assert spec.devices["meter2"].unit == 2
    assert spec.devices["cp1"].shows == {"error_code": Decimal(7)}
    assert spec.script == (
        TimedCommand(at_s=2.5, command="fault meter1 crc for 3"),
        TimedCommand(at_s=10.0, command="unplug left"),
        TimedCommand(at_s=12.0, command="quit"),
    )
    assert spec.faults == (
        Injection(
            fault=Crc(),
            where=Where(devices=frozenset({"meter1"})),
            when=Schedule(at_s=20, for_s=5, every_s=60, probability=0.5),
        ),
        Injection(
            fault=ExceptionReply(6),
            where=Where(devices=frozenset({"meter2"}), functions=frozenset({3}), addresses=range(40, 61)),
            when=Schedule(times=3),
        ),
    )
    assert set(Rig(spec).devices) == {"meter1", "meter2", "cp1"}


def test_one_bay_needs_no_name(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(
        "scenario: chargehand-scenario-1\nlines: {a: {kind: tcp}}\n"
        "devices: {m: {profile: ./mine.yaml, line: a}}\n"
    )
    (tmp_path / "mine.yaml").write_text(
        "schema: chargehand-profile-1\nid: mine\nkind: meter\nmaker: A\nmodel: B\n"
        "modbus: {word_order: big, unit: 1}\npoints:\n  energy: {space: input, address: 0, type: float32, "
        "measurand: Energy.Active.Import.Register, unit: kWh}\n"
    )
    spec = load_scenario(path)
    assert (spec.bay_of(spec.devices["m"]), spec.speed, spec.seed) == ("bay", 1.0, 1)
    (tmp_path / "mine.yaml").write_text("schema: chargehand-profile-1\nid: mine\nkind: abacus\n")
    with pytest.raises(ProfileError, match=r"mine.yaml:3: kind: 'abacus' is not one of"):
        load_scenario(path)


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("scenario-1", "scenario-9", r"site.yaml:1: scenario: 'chargehand-scenario-9' is not one of"),
        ("seed: 7", "sead: 7", r"site.yaml:2: sead: unknown field; .*did you mean 'seed'"),
        ("speed: 60", "speed: 0", r"site.yaml:1: speed 0.0 must be above 0"),
        ("phases: 1", "phases: 4", r"site.yaml:5: bays.left.ev: phases: 4 is out of range"),
        ("charge_percent: 90", "charge_percent: 190", r"site.yaml:5: bays.left.ev: charge_percent: 190"),
        ("kind: tcp}", "kind: telepathy}", r"site.yaml:10: lines.net.kind: 'telepathy' is not one of serial"),
        ("baud: 19200", "baud: 20", r"site.yaml:8: lines.bus.baud: 20 is not between 300"),
        ("parity: E", "parity: S", r"site.yaml:8: lines.bus.parity: 'S' is not one of N, E, O"),
        ("sdm630, line: bus", "sdm630, line: buss", r"site.yaml:13: devices.meter1.line: .*mean 'bus'"),
        ("eastron-sdm630", "eastron-sdm639", r"site.yaml:13: devices.meter1.profile: no profile"),
        (", bay: left, start", ", start", r"site.yaml:13: devices.meter1: the field 'bay' is missing"),
        ("{error_code: 7}", "{error: 7}", r"site.yaml:15: .*shows.error: phoenix-em-cp-pp-eth has no point"),
        ("{error_code: 7}", "{error_code: x}", r"site.yaml:15: .*error_code: 'x' is not a number"),
        ("{error_code: 7}", "{error_code: 70000}", r"site.yaml:15: .*70000 does not fit into uint16"),
        ("do: unplug left", "do: unplug moon", r"site.yaml:17: script\[0\].do: 'moon' is no bay"),
        ("do: unplug left", "do: fly", r"site.yaml:17: script\[0\].do: 'fly' is not a command"),
        ("at: 10", "at: -10", r"site.yaml:17: script\[0\].at: -10 s is not between 0"),
        ("fault: crc, at: 20", "fault: crk, at: 20", r"site.yaml:21: faults\[0\].fault: .*mean 'crc'"),
        ("with: 6", "with: 7", r"site.yaml:22: faults\[1\].with: exception 7 is none of"),
        ("device: meter2, times", "device: meter9, times", r"site.yaml:22: faults\[1\].device: 'meter9'"),
        ("chance: 0.5", "chance: 2", r"site.yaml:21: faults\[0\]: probability 2.0 is not above 0"),
        ("address: 40-60", "address: x", r"site.yaml:22: faults\[1\].address: 'x' is no address"),
        ("device: meter1, fault: crc", "device: cp1, fault: crc", "site.yaml:1: crc: cp1 hangs on tcp"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(site: Path, right: str, wrong: str, problem: str) -> None:
    assert SITE.count(right) == 1
    site.write_text(SITE.replace(right, wrong))
    with pytest.raises(ProfileError, match=problem):
        load_scenario(site)
