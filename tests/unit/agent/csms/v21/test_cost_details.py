from __future__ import annotations

from decimal import Decimal

from agent.csms.v21.cost_details import details
from agent.tariffs.account import failed
from agent.tariffs.details import Amount, CostDetails

LONGEST_REASON = 500


def test_what_cannot_be_calculated_says_so_and_why() -> None:
    """I12.FR.14: failureToCalculate, with no more of the reason than there is room for."""
    told = details(failed("T-1", "EUR", "the meter gave no count"))
    assert (told.failure_to_calculate, told.failure_reason) == (True, "the meter gave no count")
    zero = Decimal(0)
    assert (told.total_cost.total.excl_tax, told.total_cost.total.incl_tax) == (zero, zero)
    assert details(failed("T-1", "EUR", "x" * 501)).failure_reason == "x" * LONGEST_REASON


def test_what_was_calculated_says_nothing_of_failures() -> None:
    cost = CostDetails(tariff_id="T-1", currency="EUR", total=Amount(incl_tax=Decimal("1.20")))
    told = details(cost)
    assert (told.failure_to_calculate, told.failure_reason) == (None, None)
    assert told.total_cost.total.incl_tax == Decimal("1.20")
