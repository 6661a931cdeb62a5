from __future__ import annotations

from decimal import Decimal

import pytest

from agent.technician.fitting import fit, makes_sense, speaks
from drivers.profiles.values import Value
from tests.profiles import shipped_profile

SDM = shipped_profile("eastron-sdm630")
PHOENIX = shipped_profile("phoenix-em-cp-pp-eth")
BENDER = shipped_profile("bender-isocha425hv")


def right(**changes: Value | None) -> dict[str, Value | None]:
    values: dict[str, Value | None] = {point.name: Decimal(0) for point in SDM.points}
    values |= {"voltage_l1": Decimal(230), "frequency": Decimal(50)}
    return values | changes


def test_values_that_make_sense_speak_for_a_profile() -> None:
    found = fit(SDM, right())
    assert found is not None
    assert (found.profile, found.is_proven, found.weight) == ("eastron-sdm630", False, len(SDM.points))


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(right(voltage_l1=Decimal(0), frequency=Decimal(0)), id="nothing but zeros"),
        pytest.param(dict.fromkeys(right(), Decimal(10**9)), id="nonsense"),
        pytest.param(right(frequency=None, power=None, current_l1=None), id="too much missing"),
        pytest.param({}, id="nothing"),
    ],
)
def test_zeros_and_nonsense_do_not(values: dict[str, Value | None]) -> None:
    assert fit(SDM, values) is None


def test_what_a_device_says_of_itself_proves_or_disproves() -> None:
    found = fit(BENDER, {"device_name": "isoCHA425HV-D4-4"})
    assert found is not None
    assert found.is_proven
    assert "device_name is isoCHA425HV*" in found.why
    assert fit(BENDER, {"device_name": "another"}) is None
    assert fit(BENDER, right()) is None


@pytest.mark.parametrize(
    ("name", "value", "sense", "voice"),
    [
        ("frequency", Decimal(50), True, True),
        ("frequency", Decimal(0), True, False),
        ("frequency", Decimal(500), False, False),
        ("voltage_l1", Decimal(0), True, False),
        ("voltage_l1", Decimal(231), True, True),
        ("voltage_l1", Decimal(-2000), False, False),
        ("current_l1", Decimal(20000), False, False),
        ("power", None, False, False),
    ],
)
def test_numbers_are_judged_by_what_they_measure(
    name: str, value: Value | None, sense: bool, voice: bool
) -> None:
    assert makes_sense(SDM.point(name), value) is sense
    assert speaks(SDM.point(name), value) is voice


def test_a_known_pilot_state_speaks() -> None:
    assert speaks(PHOENIX.point("pilot"), "B")
    assert not speaks(PHOENIX.point("pilot"), None)
