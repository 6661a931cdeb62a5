from __future__ import annotations

from decimal import Decimal

import pytest

from drivers.profiles.derived import Derived
from drivers.profiles.kinds import (
    LETS_ENERGY_FLOW,
    SWITCHES_OFF,
    KindError,
    check_complete,
    check_safe,
    check_unique,
)
from drivers.profiles.model import Kind, Variant
from drivers.profiles.point import Point, Role
from drivers.profiles.writes import WriteRule
from drivers.readings import Measurand, Phase


def point(
    name: str,
    *,
    role: Role | None = None,
    measurand: Measurand | None = None,
    phase: Phase | None = None,
    write: WriteRule | None = None,
) -> Point:
    return Point(
        name=name, space="holding", address=0, type="uint16", role=role, measurand=measurand, phase=phase,
        write=write,
    )  # fmt: skip


WRITTEN = WriteRule(function=6)
STOPPABLE = WriteRule(function=6, off=Decimal(0))


@pytest.mark.parametrize("role", LETS_ENERGY_FLOW)
def test_what_lets_energy_flow_must_be_stoppable(role: Role) -> None:
    with pytest.raises(KindError, match="'p' lets energy flow, but nothing stops it") as caught:
        check_safe([point("p", role=role, write=WRITTEN)])
    assert caught.value.point == "p"
    check_safe([point("p", role=role, write=STOPPABLE)])
    check_safe([point("p", role=role)])


@pytest.mark.parametrize("role", SWITCHES_OFF)
def test_a_switch_stops_energy_if_it_can_be_written(role: Role) -> None:
    limit = point("p", role="max_current", write=WRITTEN)
    check_safe([limit, point("s", role=role, write=WRITTEN)])
    with pytest.raises(KindError):
        check_safe([limit, point("s", role=role)])


def test_one_value_per_measurand_and_phase_and_one_point_per_role() -> None:
    total, phase = point("a", measurand="Voltage"), point("b", measurand="Voltage", phase="L1-N")
    check_unique([total, phase], [])
    with pytest.raises(KindError, match="'a' and 'c' both are Voltage of the whole"):
        check_unique([total, phase, point("c", measurand="Voltage")], [])
    with pytest.raises(KindError, match="'b' and 'sum' both are Voltage of L1-N"):
        check_unique([phase], [Derived(name="sum", measurand="Voltage", phase="L1-N", plus=("a",))])
    with pytest.raises(KindError, match="two points have role 'enable'"):
        check_unique([point("a", role="enable"), point("b", role="enable")], [])


@pytest.mark.parametrize(
    ("kind", "points", "problem"),
    [
        ("meter", [], "a meter needs a point with measurand Energy.Active.Import.Register and no phase"),
        ("charge-controller", [], "a charge controller needs a point with role 'pilot'"),
        ("isolation-monitor", [], "an isolation monitor needs a point with role 'resistance'"),
        ("power-supply", [point("v", measurand="Voltage")], "needs a point with measurand Current.Import"),
    ],
)
def test_what_a_kind_lacks_is_told(kind: Kind, points: list[Point], problem: str) -> None:
    with pytest.raises(KindError, match=problem):
        check_complete(kind, [Variant(points=tuple(points))])


def test_an_unknown_variant_may_lack_something_if_another_does_not() -> None:
    energy = point("e", measurand="Energy.Active.Import.Register")
    check_complete("meter", [Variant(points=()), Variant(points=(energy,))])


def test_a_reader_needs_no_points() -> None:
    check_complete("reader", [Variant(points=())])
