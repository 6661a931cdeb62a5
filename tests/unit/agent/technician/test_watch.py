from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from agent.technician.watch import Watch
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile

PROFILE = """\
schema: chargehand-profile-1
id: demo
kind: meter
maker: Acme
model: One
modbus: {word_order: big, unit: 1, max_hole: 4, tcp_port: 502}
points:
  energy: {space: holding, address: 0, type: uint32, measurand: Energy.Active.Import.Register, unit: Wh}
  voltage: {space: holding, address: 2, type: uint16, measurand: Voltage, unit: V, sentinels: [0xFFFF]}
  power_in: {space: holding, address: 90, type: uint16, unit: W}
  power_out: {space: holding, address: 91, type: uint16, unit: W}
derived:
  power: {measurand: Power.Active.Import, plus: [power_in], minus: [power_out]}
"""


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    path = tmp_path / "demo.yaml"
    path.write_text(PROFILE)
    return load_profile(path)


def rows(watch: Watch, profile: Profile, now_s: float) -> dict[str, list[str]]:
    heading, *lines = watch.lines(profile, now_s)
    assert heading.split() == ["point", "value", "unit", "quality", "age"]
    return {line.split()[0]: line.split()[1:] for line in lines}


def test_values_have_unit_quality_and_age(profile: Profile) -> None:
    watch = Watch()
    watch.took({"energy": Decimal(1_234_000), "voltage": None}, 10.0)
    watch.took({"power_in": Decimal(500), "power_out": Decimal(20)}, 11.0)
    shown = rows(watch, profile, 12.5)
    assert shown["energy"] == ["1234", "Wh", "good", "2.5", "s"]
    assert shown["voltage"] == ["-", "V", "invalid", "2.5", "s"]
    assert shown["power"] == ["480", "W", "good", "1.5", "s"]


def test_what_is_not_answered_keeps_its_value_and_gets_old(profile: Profile) -> None:
    watch = Watch()
    watch.took({"power_in": Decimal(500), "power_out": Decimal(20)}, 10.0)
    watch.failed([profile.point("power_in"), profile.point("power_out")])
    shown = rows(watch, profile, 13.0)
    assert shown["power_in"] == ["500", "W", "no", "answer", "3.0", "s"]
    assert shown["power"] == ["480", "W", "no", "answer", "3.0", "s"]
    watch.took({"power_in": Decimal(600), "power_out": Decimal(20)}, 13.0)
    assert rows(watch, profile, 13.0)["power_in"] == ["600", "W", "good", "0.0", "s"]


def test_what_was_never_read_has_neither_value_nor_age(profile: Profile) -> None:
    watch = Watch()
    watch.failed(profile.points)
    assert rows(watch, profile, 0.0)["energy"] == ["-", "Wh", "no", "answer"]
    assert rows(watch, profile, 0.0)["power"] == ["-", "W", "no", "answer"]
