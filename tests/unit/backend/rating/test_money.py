from __future__ import annotations

from decimal import ROUND_DOWN, Decimal, localcontext

import pytest

from backend.rating.money import Price, RoundingMode, RoundingPolicy, RoundingScope, with_vat


def test_policy_survives_being_stored() -> None:
    policy = RoundingPolicy(4, RoundingMode.HALF_EVEN, RoundingScope.LINE)
    assert str(policy) == "HALF_EVEN/4/LINE"
    assert RoundingPolicy.parse(str(policy)) == policy


@pytest.mark.parametrize("text", ["", "HALF_UP/2", "UP/2/TOTAL", "HALF_UP/two/TOTAL", "HALF_UP/9/TOTAL"])
def test_unknown_policies_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        RoundingPolicy.parse(text)


def test_the_callers_decimal_context_changes_nothing() -> None:
    with localcontext(prec=3, rounding=ROUND_DOWN):
        assert with_vat(Decimal("1234.56"), Decimal(19)) == Price(Decimal("1234.56"), Decimal("1469.1264"))
        assert RoundingPolicy().round(Decimal("1234.565")) == Decimal("1234.57")
        assert Price(Decimal("1000.01"), Decimal(1)) + Price(Decimal("0.01"), Decimal(1)) == Price(
            Decimal("1000.02"), Decimal(2)
        )


def test_no_vat_and_zero_vat_cost_the_same() -> None:
    assert with_vat(Decimal(5), None) == with_vat(Decimal(5), Decimal(0))
