from __future__ import annotations

from decimal import Decimal

import pytest

from drivers.profiles.find import list_profiles
from drivers.profiles.load import load_profile
from tests.profiles import shipped_profile

MODBUS = {name: path for name, path in list_profiles().items() if shipped_profile(name).protocol == "modbus"}
METERS = sorted(name for name, path in MODBUS.items() if path.parent.name == "meter")


@pytest.mark.parametrize("name", sorted(set(MODBUS) - {"huawei-fusioncharge"}))  # the master is the device
def test_every_shipped_profile_loads_and_its_replies_can_be_told_apart(name: str) -> None:
    for variant in load_profile(name).variants.values():
        lengths = [
            (block.space, (block.count + 7) // 8 if block.space in {"coil", "discrete"} else block.count)
            for block in variant.blocks
        ]
        assert len(set(lengths)) == len(lengths)
        assert variant.probe is not None
        assert (variant.probe.space, variant.probe.count) not in lengths


def test_sdm630_takes_three_reads_of_at_most_80_registers() -> None:
    profile = shipped_profile("eastron-sdm630")
    assert [(block.start, block.count) for block in profile.blocks] == [(0, 36), (52, 24), (346, 12)]


def test_phoenix_is_read_without_touching_unknown_registers() -> None:
    profile = shipped_profile("phoenix-em-cp-pp-eth")
    for block in profile.blocks:
        assert sum(point.count for point in block.points) == block.count
    assert not profile.point("cable_limit").verified


@pytest.mark.parametrize(
    ("name", "words", "scale", "energy_mwh"),
    [
        ("abb-b23", "0000 0000 0012 d687", {}, 12_345_670_000),
        ("bauer-bsm-ws36a", "00bc 614e", {"exponent_energy": "0"}, 12_345_678_000),
        ("bauer-bsm-ws36a", "0012 d687", {"exponent_energy": "1"}, 12_345_670_000),
        ("carlo-gavazzi-em24-din", "e240 0001", {}, 12_345_600_000),
        ("carlo-gavazzi-em24-e1", "e240 0001", {}, 12_345_600_000),
        ("carlo-gavazzi-em340", "e240 0001", {}, 12_345_600_000),
        ("carlo-gavazzi-em580", "614e 00bc 0000 0000", {}, 12_345_678_000),
        ("chint-dtsu666", "4640 e400", {}, 12_345_000_000),
        ("dzg-dvh4013", "00bc 614e", {}, 12_345_678_000),
        ("eastron-sdm630", "4640 e400", {}, 12_345_000_000),
        ("eastron-sdm72d-m-v2", "4640 e400", {}, 12_345_000_000),
        ("finder-7m38", "4640 e400", {}, 12_345_000),
        ("inepro-pro380", "4640 e400", {}, 12_345_000_000),
        ("iskra-wm3m4", "0012 d687", {"exponent_import": "1"}, 12_345_670_000),
        ("klefr-693x", "4640 e400", {}, 12_345_000_000),
        ("orno-or-we-516", "4640 e400", {}, 12_345_000_000),
        ("schneider-iem3155", "0000 0000 00bc 614e", {}, 12_345_678_000),
        ("siemens-pac2200", "4167 8c29 c000 0000", {}, 12_345_678_000),
        ("sunspec-203", "0012 d687", {"exponent_energy": "1"}, 12_345_670_000),
    ],
)
def test_energy_of_given_registers(name: str, words: str, scale: dict[str, str], energy_mwh: int) -> None:
    profile = load_profile(name)
    energy = profile.find("Energy.Active.Import.Register")
    assert energy is not None
    factor = profile.factor(energy, {point: Decimal(value) for point, value in scale.items()})
    assert factor is not None
    assert energy.decode([int(word, 16) for word in words.split()], factor) == energy_mwh


def test_every_shipped_meter_is_in_the_table_above() -> None:
    (mark,) = (m for m in test_energy_of_given_registers.pytestmark if m.name == "parametrize")  # type: ignore[attr-defined]  # set by the decorator
    assert {row[0] for row in mark.args[1]} == set(METERS)


@pytest.mark.parametrize("name", METERS)
def test_every_shipped_meter_names_its_sources_and_measures_each_phase(name: str) -> None:
    profile = load_profile(name)
    assert profile.sources
    measured = {(point.measurand, point.phase) for point in profile.points}
    for phase in ("L1", "L2", "L3"):
        assert ("Current.Import", phase) in measured
        assert ("Voltage", f"{phase}-N") in measured


@pytest.mark.parametrize(
    ("name", "scale", "values"),
    [
        ("iskra-wm3m4", "exponent_import", {"energy_import"}),
        ("bauer-bsm-ws36a", "exponent_power", {"power", "power_l1", "power_l2", "power_l3"}),
    ],
)
def test_values_and_their_exponent_come_with_one_request(name: str, scale: str, values: set[str]) -> None:
    profile = load_profile(name)
    (block,) = (block for block in profile.blocks if profile.point(scale) in block.points)
    assert values <= {point.name for point in block.points}


def test_dzg_takes_import_and_export_power_apart() -> None:
    profile = shipped_profile("dzg-dvh4013")
    (power,) = profile.derived
    assert (power.measurand, power.plus, power.minus) == (
        "Power.Active.Import",
        ("power_import",),
        ("power_export",),
    )
    assert power.value({"power_import": Decimal("10.5"), "power_export": Decimal("30.25")}) == Decimal(
        "-19.75"
    )


@pytest.mark.parametrize(
    ("name", "voltage_l2", "current_l3", "power"),
    [
        ("abb-b23", (23298, "0000 0901"), (23312, "0000 0659"), (23316, "0005 5730")),
        ("bauer-bsm-ws36a", (40099, "5a0a"), (40095, "0659"), (40108, "0dac")),
        ("carlo-gavazzi-em24-din", (2, "0901 0000"), (16, "3f7a 0000"), (40, "88b8 0000")),
        ("carlo-gavazzi-em24-e1", (2, "0901 0000"), (16, "3f7a 0000"), (40, "88b8 0000")),
        ("carlo-gavazzi-em340", (2, "0901 0000"), (16, "3f7a 0000"), (40, "88b8 0000")),
        ("carlo-gavazzi-em580", (2, "0901 0000"), (16, "3f7a 0000"), (40, "88b8 0000")),
        ("chint-dtsu666", (8200, "4510 1000"), (8208, "467d e800"), (8210, "4708 b800")),
        ("dzg-dvh4013", (6, "0000 5a0a"), (14, "0000 3f7a"), (0, "0000 88b8")),
        ("eastron-sdm630", (2, "4366 8000"), (10, "4182 0000"), (52, "455a c000")),
        ("eastron-sdm72d-m-v2", (2, "4366 8000"), (10, "4182 0000"), (52, "455a c000")),
        ("finder-7m38", (2502, "4366 8000"), (2520, "4182 0000"), (2536, "455a c000")),
        ("inepro-pro380", (20484, "4366 8000"), (20496, "4182 0000"), (20498, "4060 0000")),
        ("iskra-wm3m4", (109, "ff00 0901"), (130, "fe00 0659"), (140, "0000 0dac")),
        ("klefr-693x", (20484, "4366 8000"), (20496, "4182 0000"), (20498, "4060 0000")),
        ("orno-or-we-516", (16, "4366 8000"), (26, "4182 0000"), (28, "4060 0000")),
        ("schneider-iem3155", (3029, "4366 8000"), (3003, "4182 0000"), (3059, "4060 0000")),
        ("siemens-pac2200", (3, "4366 8000"), (17, "4182 0000"), (65, "455a c000")),
        ("sunspec-203", (9, "5a0a"), (5, "0659"), (18, "0dac")),
    ],
)
def test_230_5_v_16_25_a_and_3500_w_of_given_registers(
    name: str, voltage_l2: tuple[int, str], current_l3: tuple[int, str], power: tuple[int, str]
) -> None:
    """The registers are reckoned from the makers' tables, not with the driver's code."""
    profile = load_profile(name)
    examples = {point.name: point.example for point in profile.points}
    for measurand, phase, (address, words), wanted in (
        ("Voltage", "L2-N", voltage_l2, "230.5"),
        ("Current.Import", "L3", current_l3, "16.25"),
        ("Power.Active.Import", None, power, "3500"),
    ):
        (point,) = (p for p in profile.points if p.address == address and p.poll == "fast")
        parts = {part for derived in profile.derived for part in derived.plus}
        assert (point.measurand, point.phase) == (measurand, phase) or point.name in parts
        factor = profile.factor(point, examples)
        assert factor is not None
        assert point.decode([int(word, 16) for word in words.split()], factor) == Decimal(wanted)
