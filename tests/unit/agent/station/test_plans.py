from __future__ import annotations

from agent.station.plans import Plans
from tests.unit.agent.smartcharging.charging import profile

PLAN = profile((0, 6), purpose="TxProfile", id=0)


def test_a_plan_goes_with_its_transaction() -> None:
    plans = Plans()
    plans.keep(PLAN)
    plans.follow({1: PLAN.transaction_id})
    assert plans.of(1) == PLAN
    plans.follow({1: "T-2"})
    assert plans.of(1) is None


def test_a_plan_made_before_its_transaction_is_for_the_next_alone() -> None:
    plans = Plans()
    plans.keep(profile((0, 6), purpose="TxProfile", id=0, transaction_id=None))
    for running in (None, "T-1", "T-1"):
        plans.follow({1: running})
        assert plans.of(1) is not None
    plans.follow({1: None})
    assert plans.of(1) is None


def test_a_plan_can_be_dropped_and_need_not_be_there() -> None:
    plans = Plans()
    plans.keep(PLAN)
    plans.drop(1)
    plans.drop(1)
    assert plans.of(1) is None
