"""K15.FR.14, K16.FR.10, K17.FR.14: what a vehicle said that it will draw, in the composite schedule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agent.smartcharging.cap import Supply
from agent.smartcharging.composite import composite
from agent.smartcharging.course import Evse
from agent.smartcharging.needs import Chosen, Transfer
from agent.smartcharging.plans import as_plan
from agent.smartcharging.profiles import Profile, RateUnit
from tests.unit.agent.smartcharging.charging import (
    NOON,
    SUPPLY,
    TRANSACTION,
    evse,
    minutes,
    profile,
    schedule,
)

ONE_PHASE = Supply(phases=1, voltage_v=SUPPLY.voltage_v, most_current_a=SUPPLY.most_current_a)


def planned(*steps: tuple[int, float], transfer: Transfer = "AC_three_phase", **members: Any) -> Profile:
    place = members.pop("of", evse())
    start = members.pop("start", NOON)
    chosen = schedule(*steps, unit="W", start=None, **members)
    return as_plan(Chosen(evse_id=place.id, start=start, schedule=chosen), transfer, place)


def rows(profiles: list[Profile], of: Evse, plan: Profile, unit: RateUnit = "W") -> list[tuple[int, float]]:
    periods = composite(profiles, replace(of, plan=plan), NOON, 3600, unit)
    return [(period.start_s, float(period.limit)) for period in periods]


def test_a_plan_is_of_the_transaction_and_begins_when_the_vehicle_says() -> None:
    plan = planned((0, 6900), start=NOON + minutes(10))
    assert (plan.evse_id, plan.transaction_id) == (1, TRANSACTION)
    assert rows([], evse(), plan) == [(0, 32 * 690), (600, 6900)]


def test_the_lower_of_plan_and_limits_counts_until_the_plan_ends() -> None:
    limits = [profile((0, 8), (900, 16))]
    plan = planned((0, 6900), (600, 3450), duration_s=1800)
    assert rows(limits, evse(), plan) == [(0, 5520), (600, 3450), (1800, 11040)]


def test_what_is_generated_on_the_spot_makes_no_vehicle_draw_more() -> None:
    limits = [profile((0, 6)), profile((0, 10), id=2, purpose="LocalGeneration", evse_id=0)]
    assert rows(limits, evse(), planned((0, 6900), (600, 11040))) == [(0, 6900), (600, 11040)]


def test_a_power_is_spread_over_the_phases_that_the_vehicle_uses() -> None:
    plan = planned((0, 2300), transfer="AC_single_phase")
    assert rows([], evse(), plan, "A") == [(0, 10)]
    assert rows([], evse(), plan, "W") == [(0, 2300)]
    of = evse(supply=ONE_PHASE)
    assert rows([], of, planned((0, 2300), of=of), "A") == [(0, 10)]
    assert rows([], of, planned((0, 2300), of=of), "W") == [(0, 2300)]
