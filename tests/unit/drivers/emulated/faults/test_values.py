from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from drivers.emulated.faults.fault import ValueFault
from drivers.emulated.faults.values import Frozen, Noise, Sentinel, SignFlip, WordSwap
from drivers.profiles.values import Value
from tests.profiles import shipped_profile

SDM = shipped_profile("eastron-sdm630")
POWER, ENERGY, VOLTAGE = SDM.point("power"), SDM.point("energy_import"), SDM.point("voltage_l1")
PILOT = shipped_profile("phoenix-em-cp-pp-eth").point("pilot")


def test_a_frozen_value_is_the_first_of_each_point() -> None:
    memory: dict[str, Value | None] = {}
    shown = [Frozen().value(POWER, Decimal(number), memory, Random(1)) for number in (1, 2, 3)]
    shown.append(Frozen().value(ENERGY, Decimal(4), memory, Random(1)))
    assert shown == [1, 1, 1, 4]


def test_a_flipped_sign() -> None:
    assert SignFlip().value(POWER, Decimal(5), {}, Random(1)) == -5
    assert SignFlip().value(PILOT, "C", {}, Random(1)) == "C"


def test_noise_stays_within_its_fraction_and_is_different_every_time() -> None:
    rng = Random(1)
    shown = [Noise(0.1).value(POWER, Decimal(1000), {}, rng) for _ in range(100)]
    assert len(set(shown)) == 100
    assert all(isinstance(one, Decimal) and 900 <= one <= 1100 for one in shown)
    assert Noise().value(PILOT, "C", {}, rng) == "C"


def test_words_in_the_wrong_order() -> None:
    assert WordSwap().words(ENERGY, (1, 2)) == (2, 1)


@pytest.mark.parametrize(
    ("point", "words"),
    [
        (ENERGY, (0x7FC0, 0)),
        (replace(ENERGY, word_order="little"), (0, 0x7FC0)),
        (replace(ENERGY, type="uint32"), (0xFFFF, 0xFFFF)),
        (replace(ENERGY, type="int32", sentinels=(0x80000000,)), (0x8000, 0)),
    ],
)
def test_no_value_is_said_as_the_device_says_it(point: object, words: tuple[int, ...]) -> None:
    assert isinstance(point, type(ENERGY))
    assert Sentinel().words(point, (1, 2)) == words


@pytest.mark.parametrize(
    ("fault", "power", "energy", "voltage", "pilot"),
    [
        (Frozen(), True, True, True, False),
        (Sentinel(), True, True, True, False),
        (WordSwap(), True, True, True, False),
        (Noise(), True, False, True, False),
        (SignFlip(), True, False, False, False),
    ],
)
def test_what_a_fault_concerns_when_nobody_says(
    fault: ValueFault, power: bool, energy: bool, voltage: bool, pilot: bool
) -> None:
    assert [fault.touches(point) for point in (POWER, ENERGY, VOLTAGE, PILOT)] == [
        power,
        energy,
        voltage,
        pilot,
    ]


def test_noise_needs_a_size() -> None:
    with pytest.raises(ValueError, match="not between 0 and 100"):
        Noise(0)
