from __future__ import annotations

from decimal import Decimal

from drivers.profiles.derived import Derived


def test_a_derived_value_adds_and_subtracts_or_has_none() -> None:
    derived = Derived(name="p", measurand="Power.Active.Import", plus=("a", "b"), minus=("c",))
    assert derived.reading_unit == "W"
    assert derived.value({"a": Decimal("1.5"), "b": Decimal(2), "c": Decimal(10)}) == Decimal("-6.5")
    assert derived.value({"a": Decimal(1), "b": None, "c": Decimal(10)}) is None
    assert derived.value({"a": Decimal(1), "c": Decimal(10)}) is None
