"""Which variant of a model a device is, and where a SunSpec device has its map."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import DeviceSpec, RigError, RigSpec, SerialSpec
from drivers.profiles.values import Value

VARIANTS = """\
schema: chargehand-profile-1
id: variants
kind: meter
maker: Nobody
model: Of two sizes
modbus: {word_order: big, unit: 1, max_hole: 6}
points:
  size: {space: holding, address: 0, type: uint16, poll: once, example: 1}
  energy: {space: holding, address: 2, type: uint32, measurand: Energy.Active.Import.Register, unit: Wh}
  serial: {space: holding, address: 4, type: string, length: 2, role: serial_number, example: A1, poll: once}
  current:
    {space: holding, address: 10, type: uint16, measurand: Current.Import, unit: A, when: {size: 1}}
  large:
    {space: holding, address: 12, type: uint32, measurand: Current.Import, unit: A, when: {size: 2}}
"""


def device(spec: DeviceSpec) -> ModbusDevice:
    made = Rig(RigSpec(lines={"bus": SerialSpec()}, devices={"device": spec})).devices["device"]
    assert isinstance(made, ModbusDevice)
    return made


@pytest.mark.parametrize(
    ("shows", "points"),
    [({}, {"current"}), ({"size": Decimal(1)}, {"current"}), ({"size": Decimal(2)}, {"large"})],
)
def test_what_a_device_shows_decides_which_variant_it_is(
    tmp_path: Path, shows: dict[str, Value], points: set[str]
) -> None:
    path = tmp_path / "variants.yaml"
    path.write_text(VARIANTS)
    made = device(DeviceSpec(profile=path, line="bus", shows=shows | {"serial": "B7"}))
    assert {point.name for point in made.profile.points} - {"size", "energy", "serial"} == points
    assert made.image.read("holding", 0, 1) == [int(points == {"large"}) + 1]
    assert made.image.read("holding", 4, 2) == [0x4237, 0]


@pytest.mark.parametrize(("base", "begins"), [(None, 0), (50000, 50000)])
def test_a_sunspec_map_lies_where_it_is_wanted(base: int | None, begins: int) -> None:
    made = device(DeviceSpec(profile="sunspec-203", line="bus", base=base))
    assert made.image.read("holding", begins, 4) == [0x5375, 0x6E53, 1, 66]
    assert made.image.read("holding", begins + 70, 2) == [203, 105]
    assert made.image.read("holding", begins + 72 + 105, 2) == [0xFFFF, 0]


def test_a_point_that_a_device_does_not_have_is_refused() -> None:
    with pytest.raises(RigError, match="device device: eastron-sdm630 has no point 'sise'"):
        device(DeviceSpec(profile="eastron-sdm630", line="bus", shows={"sise": Decimal(2)}))
