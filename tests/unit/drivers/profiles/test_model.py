from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from drivers.profiles.errors import ProfileError
from tests.unit.drivers.profiles.samples import CONTROLLER, READER, SUNSPEC_METER, load


@pytest.mark.parametrize(
    ("firmware", "limit"),
    [
        ("1.1", "limit"),
        ("1.2", "limit"),
        ("1.2.1", "fine_limit"),
        ("V1.10", "fine_limit"),
        (None, None),
        ("x", None),
    ],
)
def test_a_device_is_of_the_variant_that_its_values_say(
    tmp_path: Path, firmware: str | None, limit: str | None
) -> None:
    point = load(tmp_path, CONTROLLER).variant({"firmware": firmware}).role("max_current")
    assert (point and point.name) == limit


def test_a_variant_has_its_own_read_plan_with_its_own_points(tmp_path: Path) -> None:
    loaded = load(tmp_path, CONTROLLER)
    variant = loaded.variant({"firmware": "1.3"})
    assert "fine_limit" not in {point.name for block in loaded.blocks for point in block.points}
    assert variant.point("fine_limit") in [point for block in variant.blocks for point in block.points]
    with pytest.raises(KeyError):
        loaded.point("fine_limit")
    assert {"limit", "fine_limit"} <= {point.name for point in loaded.every_point}
    assert variant.variant({}).points == loaded.points


def test_points_read_on_demand_are_in_no_plan(tmp_path: Path) -> None:
    profile = load(tmp_path, CONTROLLER)
    planned = {point.name for block in profile.blocks for point in block.points}
    assert planned.isdisjoint({"size", "file"})
    assert profile.point("file").poll == "on_demand"


def test_masked_points_share_a_read(tmp_path: Path) -> None:
    profile = load(tmp_path, CONTROLLER)
    (block,) = [block for block in profile.blocks if profile.point("alarm") in block.points]
    registers = [0] * block.count
    registers[1001 - block.start] = 0x0580
    values = profile.decode(block, registers)
    assert (values["alarm"], values["validity"]) == ("alarm", Decimal(2))


def test_what_speaks_something_else_has_no_modbus_settings(tmp_path: Path) -> None:
    reader = load(tmp_path, READER)
    assert reader.protocol == "pn532"
    assert reader.points == ()
    with pytest.raises(ProfileError, match="demo speaks pn532, not Modbus"):
        _ = reader.modbus


def test_a_sunspec_profile_moves_to_where_its_model_was_found(tmp_path: Path) -> None:
    profile = load(tmp_path, SUNSPEC_METER)
    moved = profile.relocated(40070)
    assert (profile.base, moved.base) == (None, 40070)
    assert [(block.start, block.count) for block in profile.blocks] == [(0, 1), (2, 4)]
    assert [(block.start, block.count) for block in moved.blocks] == [(40070, 1), (40072, 4)]
    assert [point.address for point in moved.every_point] == [40070, 40072, 40073, 40074]
    block = moved.blocks[1]
    assert all(any(point is own for own in moved.points) for point in block.points)
    assert moved.decode(block, (10, 0xFFFF, 0, 5)) == {"current": 1, "factor": -1, "energy": 5000}
    assert moved.relocated(0).blocks == profile.blocks
    assert moved.variant({}).blocks == moved.blocks


@pytest.mark.parametrize("base", [-1, 65531])
def test_a_sunspec_profile_does_not_move_out_of_the_address_space(tmp_path: Path, base: int) -> None:
    with pytest.raises(ProfileError, match=f"does not fit at address {base}"):
        load(tmp_path, SUNSPEC_METER).relocated(base)


@pytest.mark.parametrize("text", [CONTROLLER, READER])
def test_another_profile_does_not_move(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProfileError, match="has no SunSpec model"):
        load(tmp_path, text).relocated(40000)


@pytest.mark.parametrize("instance", [1, 2, 4])
def test_an_instance_has_its_own_addresses_and_shares_what_is_shared(tmp_path: Path, instance: int) -> None:
    profile = load(tmp_path, CONTROLLER, instance)
    assert profile.point("pilot").address == 1000 * instance
    assert profile.point("model").address == 0
    assert profile.instance == instance
    assert profile.instances is not None
    assert (profile.instances.offsets, profile.instances.counted_by) == ((0, 1000, 2000, 3000), "number")
    assert {block.start for block in profile.blocks if block.start >= 1000} >= {1000 * instance}


@pytest.mark.parametrize("instance", [0, 5])
def test_there_are_no_more_instances_than_the_file_says(tmp_path: Path, instance: int) -> None:
    with pytest.raises(ProfileError, match=f"there is no instance {instance}, only 1 to 4"):
        load(tmp_path, CONTROLLER, instance)
