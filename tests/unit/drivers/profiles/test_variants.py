from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.profiles.conditions import Condition
from drivers.profiles.derived import Derived
from drivers.profiles.kinds import KindError
from drivers.profiles.links import ModbusDefaults, SerialLine
from drivers.profiles.plan import PlanError
from drivers.profiles.point import LengthFrom, Point, ScaledBy
from drivers.profiles.scripts import ReadStep, Script
from drivers.profiles.values import Value
from drivers.profiles.variants import Everything, TooManyVariants, compile_variants, holds
from drivers.profiles.watchdog import Watchdog
from drivers.profiles.writes import Setting

TCP = ModbusDefaults(unit=1, max_read=125, max_hole=20, tcp_port=502)
TIGHT = ModbusDefaults(unit=1, max_read=125, max_hole=0, tcp_port=502)
SERIAL = ModbusDefaults(
    unit=1, max_read=125, max_hole=0, serial=SerialLine(baud=9600, parity="N", stop_bits=1)
)


def word(
    name: str, address: int, *conditions: Condition, type_name: str = "uint16", **fields: object
) -> Point:
    return Point(name=name, space="holding", address=address, type=type_name, when=conditions, **fields)  # type: ignore[arg-type]  # the tests name real fields


def everything(*points: Point, link: ModbusDefaults = TCP, **parts: object) -> Everything:
    return Everything(link=link, points=points, **parts)  # type: ignore[arg-type]  # the tests name real fields


MODEL = word("model", 0, poll="once")
BIG, SMALL = Condition(point="model", values=(Decimal(2),)), Condition(point="model", values=(Decimal(1),))


def names(thing: Everything) -> set[frozenset[str]]:
    return set(compile_variants(thing))


def test_a_device_without_conditions_has_one_variant() -> None:
    assert names(everything(MODEL, word("a", 1))) == {frozenset({"model", "a"})}


def test_each_condition_makes_a_variant_and_an_unknown_device_is_one_too() -> None:
    found = names(everything(MODEL, word("a", 1, BIG), word("b", 1, SMALL)))
    assert found == {frozenset({"model"}), frozenset({"model", "a"}), frozenset({"model", "b"})}


def test_bounds_of_whole_numbers_leave_nothing_between() -> None:
    old, new = Condition(point="model", at_most=Decimal(16)), Condition(point="model", at_least=Decimal(17))
    found = names(everything(MODEL, word("a", 1, old), word("b", 1, new)))
    assert found == {frozenset({"model"}), frozenset({"model", "a"}), frozenset({"model", "b"})}


def test_bounds_of_versions_are_told_apart_between_them_too() -> None:
    firmware = word("firmware", 10, type_name="string", length=4, poll="once")
    low = Condition(point="firmware", at_least="1.2")
    high = Condition(point="firmware", at_least="1.2.1")
    found = names(everything(firmware, word("a", 1, low), word("b", 2, high)))
    assert found == {
        frozenset({"firmware"}),
        frozenset({"firmware", "a"}),
        frozenset({"firmware", "a", "b"}),
    }


def test_above_the_highest_bound_is_a_class_of_its_own() -> None:
    firmware = word("firmware", 10, type_name="string", length=4, poll="once")
    low, high = Condition(point="firmware", at_least="1"), Condition(point="firmware", at_most="2")
    found = names(everything(firmware, word("a", 1, low), word("b", 2, high)))
    assert {one - {"firmware"} for one in found} == {
        frozenset(),
        frozenset({"a"}),
        frozenset({"b"}),
        frozenset({"a", "b"}),
    }


numbers = st.integers(0, 6).map(Decimal)
bounds = st.one_of(
    st.builds(lambda v: Condition(point="model", values=tuple(v)), st.lists(numbers, min_size=1, max_size=3)),
    st.builds(lambda n: Condition(point="model", at_least=n), numbers),
    st.builds(lambda n: Condition(point="model", at_most=n), numbers),
)
versions = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
version_bounds = st.one_of(
    st.builds(
        lambda v: Condition(point="model", values=tuple(v)), st.lists(versions, min_size=1, max_size=2)
    ),
    st.builds(lambda v: Condition(point="model", at_least=v), versions),
    st.builds(lambda v: Condition(point="model", at_most=v), versions),
)


@given(st.lists(bounds, min_size=1, max_size=5), st.one_of(st.none(), st.integers(0, 65535).map(Decimal)))
def test_whatever_number_a_device_shows_its_variant_was_compiled(
    conditions: list[Condition], shown: Value | None
) -> None:
    points = (MODEL, *(word(f"p{n}", 2 * n + 1, one) for n, one in enumerate(conditions)))
    met = frozenset(point.name for point in points if holds(point, {"model": shown}))
    assert met in compile_variants(everything(*points))


@given(st.lists(version_bounds, min_size=1, max_size=4), st.one_of(versions, st.just("none"), st.none()))
def test_whatever_version_a_device_shows_its_variant_was_compiled(
    conditions: list[Condition], shown: Value | None
) -> None:
    model = word("model", 0, type_name="string", length=1, poll="once")
    points = (model, *(word(f"p{n}", n + 1, one) for n, one in enumerate(conditions)))
    met = frozenset(point.name for point in points if holds(point, {"model": shown}))
    assert met in compile_variants(everything(*points))


def test_every_variant_must_be_readable() -> None:
    with pytest.raises(PlanError, match="b overlaps a"):
        compile_variants(everything(MODEL, word("a", 1, BIG), word("b", 1, BIG)))
    with pytest.raises(PlanError, match="as long as another"):
        compile_variants(everything(MODEL, word("a", 10), word("b", 12, BIG), link=TIGHT))


def test_what_scales_must_be_in_the_variant_too() -> None:
    scaled = word("value", 1, scaled_by=(ScaledBy("scale", "exponent"),))
    with pytest.raises(PlanError, match="value is scaled by scale, but not in all variants"):
        compile_variants(everything(MODEL, scaled, word("scale", 2, BIG)))


def test_what_says_a_length_must_be_in_the_variant_too() -> None:
    file = word(
        "file", 1, type_name="bytes", length=4, poll="on_demand", length_from=LengthFrom("size", "bytes")
    )
    with pytest.raises(PlanError, match="file takes its length from size, but not in all variants"):
        compile_variants(everything(MODEL, file, word("size", 9, BIG)))


def test_every_variant_must_be_unambiguous() -> None:
    with pytest.raises(KindError, match="two points have role 'enable'"):
        compile_variants(
            everything(MODEL, word("a", 1, BIG, role="enable"), word("b", 2, BIG, role="enable"))
        )
    compile_variants(everything(MODEL, word("a", 1, BIG, role="enable"), word("b", 1, SMALL, role="enable")))


def test_what_a_variant_lacks_is_left_out_of_all_that_is_made_of_it() -> None:
    thing = everything(
        MODEL,
        word("a", 1, BIG, unit="W"),
        word("b", 2, unit="W"),
        derived=(
            Derived(name="both", measurand="Power.Active.Import", plus=("a", "b")),
            Derived(name="one", measurand="Power.Active.Export", plus=("b",)),
        ),
        init=(Setting("a", Decimal(1)), Setting("b", Decimal(2))),
        watchdog=Watchdog(
            arm=(Setting("a", Decimal(1)),), feed="read", every_s=1, within_s=2, safe_a=Decimal(0)
        ),
        scripts={"with_a": Script("with_a", (ReadStep(("a",)),)), "without": Script("without", ())},
    )
    variants = compile_variants(thing)
    big, unknown = variants[frozenset({"model", "a", "b"})], variants[frozenset({"model", "b"})]
    assert [one.name for one in big.derived] == ["both", "one"]
    assert [one.name for one in unknown.derived] == ["one"]
    assert (len(big.init), len(unknown.init)) == (2, 1)
    assert (big.watchdog, unknown.watchdog) == (thing.watchdog, None)
    assert (set(big.scripts), set(unknown.scripts)) == ({"with_a", "without"}, {"without"})


def test_too_many_combinations_are_refused() -> None:
    models = [word(f"m{n}", n, poll="once") for n in range(10)]
    points = [word(f"p{n}", 100 + n, Condition(point=f"m{n}", values=(Decimal(1),))) for n in range(10)]
    with pytest.raises(TooManyVariants, match="more than 1000 combinations"):
        compile_variants(everything(*models, *points))
    with pytest.raises(TooManyVariants, match="more than 20 combinations for each of 48 instances"):
        compile_variants(everything(*models, *points[:5]), instances=48)


def test_values_that_make_no_difference_are_no_combinations() -> None:
    models = [word(f"m{n}", n, poll="once") for n in range(3)]
    about = [(m, v) for m in range(3) for v in range(4)]
    points = [
        word(f"p{m}_{v}", 100 + 10 * m + v, Condition(point=f"m{m}", values=(Decimal(v),))) for m, v in about
    ]
    assert len(compile_variants(everything(*models, *points))) == 5**3


def test_points_of_a_device_that_writes_them_are_looked_up_one_by_one() -> None:
    served = ModbusDefaults(unit=1, max_read=125, max_hole=0, tcp_port=502, answers=True)
    (variant,) = compile_variants(everything(word("a", 1), word("b", 2), link=served)).values()
    assert [(block.start, block.count) for block in variant.blocks] == [(1, 1), (2, 1)]
    assert variant.probe is None


def test_one_point_per_read_needs_a_probe_only_on_a_serial_line() -> None:
    one_per_read = {"unit": 1, "max_read": 125, "max_hole": 0, "one_per_read": True}
    words = (word("a", 1), word("b", 2))
    tcp = ModbusDefaults(**one_per_read, tcp_port=502)  # type: ignore[arg-type]  # a dict of real fields
    serial = ModbusDefaults(**one_per_read, serial=SERIAL.serial)  # type: ignore[arg-type]  # the same
    (variant,) = compile_variants(everything(*words, link=tcp)).values()
    assert [block.count for block in variant.blocks] == [1, 1]
    with pytest.raises(PlanError, match="a read of another length is needed"):
        compile_variants(everything(*words, link=serial))
    longer = word("serial_number", 10, type_name="string", length=4, poll="once")
    (variant,) = compile_variants(everything(*words, longer, link=serial)).values()
    assert variant.probe is not None
    assert variant.probe.count not in {block.count for block in variant.blocks}
