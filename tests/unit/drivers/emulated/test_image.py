from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.emulated.image import Image, Write
from drivers.emulated.pdu import ExceptionCode, Refused, Space, answer
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from tests.profiles import shipped_profile

METER = shipped_profile("eastron-sdm630")
CONTROLLER = shipped_profile("phoenix-em-cp-pp-eth")


def image(
    profile: Profile, source: Callable[[Point], Value | None] = lambda _: None
) -> tuple[Image, list[Write]]:
    writes: list[Write] = []

    def take(write: Write) -> None:
        writes.append(write)
        device.keep(write.changes)

    device = Image(profile, source, take)
    return device, writes


def refusal(act: Callable[[], object]) -> ExceptionCode:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def number(point: Point) -> Value | None:
    """Return a different value for every point."""
    if point.states or point.type == "coil":
        return None
    return Decimal(1000 + point.address)


@pytest.mark.parametrize("profile", [METER, CONTROLLER], ids=lambda profile: profile.id)
def test_every_block_that_the_driver_reads_gives_back_every_value(profile: Profile) -> None:
    device, _ = image(profile, number)
    for block in profile.blocks:
        registers = device.read(block.space, block.start, block.count)
        for point in block.points:
            value = number(point)
            words = block.slice(point, registers)
            assert words == list(point.encode(value)) if value is not None else not any(words)


def test_a_part_of_a_value_is_that_part() -> None:
    device, _ = image(METER, number)
    whole = device.read("input", 0, 4)
    assert device.read("input", 1, 2) == whole[1:3]


def test_words_lie_in_the_devices_own_order() -> None:
    meter, _ = image(METER, lambda _: Decimal(12_345_678_000))
    assert meter.read("input", 72, 2) == [0x4640, 0xE6B6]
    controller, _ = image(CONTROLLER, lambda _: Decimal("230.5"))
    assert controller.read("input", 108, 2) == [23050, 0]


def test_the_pilot_is_a_letter() -> None:
    device, _ = image(CONTROLLER, lambda point: "C" if point.role == "pilot" else None)
    assert device.read("input", 100, 1) == [ord("C")]


def test_a_device_whose_reads_span_holes_has_zeros_there_and_ends_after_its_last_point() -> None:
    device, _ = image(METER, number)
    assert device.read("input", 36, 16) == [0] * 16
    assert device.read("input", 358, 8) == [0] * 8
    assert refusal(lambda: device.read("input", 365, 2)) is ExceptionCode.ILLEGAL_DATA_ADDRESS
    assert refusal(lambda: device.read("holding", 0, 2)) is ExceptionCode.ILLEGAL_DATA_ADDRESS


@pytest.mark.parametrize(("address", "count"), [(99, 1), (104, 1), (100, 5), (122, 1), (130, 1)])
def test_a_device_whose_reads_do_not_span_holes_has_nothing_but_its_points(address: int, count: int) -> None:
    device, _ = image(CONTROLLER, number)
    assert len(device.read("input", 107, 15)) == 15
    assert refusal(lambda: device.read("input", address, count)) is ExceptionCode.ILLEGAL_DATA_ADDRESS


def test_more_than_the_device_reads_at_once_is_exception_3() -> None:
    device, _ = image(METER)
    assert refusal(lambda: device.read("input", 0, 81)) is ExceptionCode.ILLEGAL_DATA_VALUE


@pytest.mark.parametrize(("profile", "functions"), [(METER, {4}), (CONTROLLER, {1, 3, 4, 5, 6})])
def test_the_functions_are_those_the_profile_needs(profile: Profile, functions: set[int]) -> None:
    device, _ = image(profile)
    assert device.functions == functions


def test_a_value_that_the_register_cannot_hold_is_exception_4() -> None:
    device, _ = image(CONTROLLER, lambda _: Decimal(10**20))
    assert answer(bytes.fromhex("04 00 6c 00 02"), device) == bytes.fromhex("84 04")


@pytest.mark.parametrize(
    ("space", "address", "values", "name", "value"),
    [
        ("holding", 300, (6,), "max_current", Decimal(6)),
        ("holding", 300, (80,), "max_current", Decimal(80)),
        ("coil", 400, (1,), "enable", True),
        ("coil", 400, (0,), "enable", False),
        ("coil", 402, (0,), "station_available", False),
    ],
)
def test_a_write_is_decoded(
    space: Space, address: int, values: tuple[int, ...], name: str, value: Value
) -> None:
    device, writes = image(CONTROLLER)
    device.write(space, address, values)
    assert writes == [Write(space, address, values, ((CONTROLLER.point(name), value),))]


@pytest.mark.parametrize("limit", [0, 5, 81, 0xFFFF])
def test_a_value_out_of_bounds_is_exception_3_and_changes_nothing(limit: int) -> None:
    device, writes = image(CONTROLLER)
    assert refusal(lambda: device.write("holding", 300, (limit,))) is ExceptionCode.ILLEGAL_DATA_VALUE
    assert writes == []


@pytest.mark.parametrize(
    ("space", "address", "values"),
    [("holding", 299, (6,)), ("holding", 300, (6, 6)), ("coil", 403, (1,)), ("coil", 400, (1, 1, 1, 1))],
)
def test_a_write_elsewhere_is_exception_2_and_changes_nothing(
    space: Space, address: int, values: tuple[int, ...]
) -> None:
    device, writes = image(CONTROLLER)
    assert refusal(lambda: device.write(space, address, values)) is ExceptionCode.ILLEGAL_DATA_ADDRESS
    assert writes == []


def test_what_is_not_readable_is_not_there() -> None:
    device, _ = image(CONTROLLER)
    assert refusal(lambda: device.read("coil", 402, 1)) is ExceptionCode.ILLEGAL_DATA_ADDRESS


SETTINGS = """\
schema: chargehand-profile-1
id: settings
kind: meter
maker: Nobody
model: With settings
modbus: {word_order: big, unit: 1}
points:
  energy: {space: input, address: 0, type: float32, measurand: Energy.Active.Import.Register, unit: kWh}
  delay: {space: holding, address: 0, type: uint32, write: {function: 16}}
  mode: {space: holding, address: 2, type: uint16, write: {function: 6}}
  serial: {space: holding, address: 3, type: uint16}
  note: {space: holding, address: 10, type: string, length: 3, write: {function: 16}}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Image:
    path = tmp_path / "settings.yaml"
    path.write_text(SETTINGS)
    return image(load_profile(path))[0]


def test_a_long_text_is_written_in_parts_and_may_be_emptied(settings: Image) -> None:
    settings.write("holding", 10, (0x4142, 0x4344))
    settings.write("holding", 12, (0x4500,))
    assert settings.value("note") == "ABCDE"
    settings.write("holding", 11, (0x5A00,))
    assert settings.value("note") == "ABZ"
    settings.write("holding", 10, (0, 0, 0))
    assert settings.value("note") == ""
    assert settings.read("holding", 10, 3) == [0, 0, 0]


def test_settings_that_nothing_drives_are_read_back(settings: Image) -> None:
    assert settings.read("holding", 0, 4) == [0, 0, 0, 0]
    settings.write("holding", 0, (1, 2, 3))
    assert settings.read("holding", 0, 4) == [1, 2, 3, 0]


def test_half_a_value_cannot_be_written(settings: Image) -> None:
    assert refusal(lambda: settings.write("holding", 0, (1,))) is ExceptionCode.ILLEGAL_DATA_ADDRESS
    assert refusal(lambda: settings.write("holding", 1, (1,))) is ExceptionCode.ILLEGAL_DATA_ADDRESS


def test_a_register_without_a_write_rule_is_read_only(settings: Image) -> None:
    assert refusal(lambda: settings.write("holding", 2, (1, 1))) is ExceptionCode.ILLEGAL_DATA_ADDRESS
    assert settings.read("holding", 2, 1) == [0]


SCALED = """\
schema: chargehand-profile-1
id: scaled
kind: meter
maker: Nobody
model: With an exponent
modbus: {word_order: big, unit: 1}
points:
  energy:
    {space: input, address: 0, type: uint32, scaled_by: {exponent: exponent},
     measurand: Energy.Active.Import.Register, unit: Wh}
  exponent: {space: input, address: 2, type: int16, example: 1}
  serial: {space: input, address: 3, type: string, length: 2, example: A42}
"""


@pytest.fixture
def scaled(tmp_path: Path) -> Image:
    path = tmp_path / "scaled.yaml"
    path.write_text(SCALED)
    return image(load_profile(path), lambda point: Decimal(12_345_678_000) if point.measurand else None)[0]


def test_a_point_that_nothing_drives_shows_its_example(scaled: Image) -> None:
    assert scaled.read("input", 2, 3) == [1, 0x4134, 0x3200]
    assert scaled.shown("serial") == "A42"


def test_a_scaled_register_holds_what_its_scale_leaves(scaled: Image) -> None:
    assert scaled.read("input", 0, 2) == [0x0012, 0xD688]  # 1 234 568 times 10 Wh
    assert scaled.shown("energy") == 12_345_680_000


TEXT = shipped_profile("iskra-wm3m4").point("metadata")


def test_a_text_may_be_written_in_parts_and_other_values_may_not() -> None:
    device, writes = image(shipped_profile("iskra-wm3m4"))
    words = TEXT.encode("a text of some length")
    device.write("holding", TEXT.address, words[:4])
    device.write("holding", TEXT.address + 4, words[4:11])
    assert [write.changes[0][1] for write in writes] == ["a text o", "a text of some length"]
    assert device.value("metadata") == "a text of some length"
    device.write("holding", TEXT.address, [0] * 11)
    assert device.value("metadata") == ""
    bsm, _ = image(shipped_profile("bauer-bsm-ws36a"))
    assert refusal(lambda: bsm.write("holding", 40260, [1])) == ExceptionCode.ILLEGAL_DATA_ADDRESS
    assert refusal(lambda: bsm.write("holding", 40261, [1, 60])) == ExceptionCode.ILLEGAL_DATA_ADDRESS
