"""What holds for every bill, whatever the tariff and the session."""

from __future__ import annotations

from datetime import UTC, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.tariffs.account import details
from agent.tariffs.bill import sum_of
from agent.tariffs.conditions import Flow
from agent.tariffs.tariff import ALWAYS, Bound, Conditions, Element, Prices, Tariff, TaxRate
from tests.unit.agent.tariffs.sessions import MONDAY, Session

AMOUNTS = st.decimals(min_value=0, max_value=2, places=4)
TIMES = st.builds(time, st.integers(8, 11), st.sampled_from((0, 15, 30)))
ENERGIES = st.integers(0, 20_000).map(Decimal)
SECONDS = st.integers(0, 7200)
CONDITIONS = st.one_of(
    st.just(ALWAYS),
    st.builds(Conditions, from_time=TIMES, to_time=TIMES),
    st.builds(Conditions, min_energy=ENERGIES, max_energy=ENERGIES),
    st.builds(Conditions, max_time=SECONDS, min_idle_time=SECONDS),
    st.builds(Conditions, min_charging_time=SECONDS),
)
TAXES = st.lists(
    st.builds(
        TaxRate, kind=st.just("VAT"), percent=AMOUNTS.map(lambda one: one * 10), stack=st.integers(0, 2)
    ),
    max_size=3,
).map(tuple)
PRICES = st.builds(
    Prices,
    elements=st.lists(st.builds(Element, price=AMOUNTS, conditions=CONDITIONS), min_size=1, max_size=3).map(
        tuple
    ),
    taxes=TAXES,
)
TARIFFS = st.builds(
    Tariff,
    id=st.just("T"),
    currency=st.just("EUR"),
    energy=st.none() | PRICES,
    charging_time=st.none() | PRICES,
    idle_time=st.none() | PRICES,
    fixed_fee=st.none() | PRICES,
    max_cost=st.none() | st.builds(Bound, incl_tax=AMOUNTS.map(lambda one: one * 5)),
)
FLOWS = st.sampled_from((Flow(is_charging=True), Flow(is_charging=False), Flow()))
LEGS = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 8_000_000), FLOWS, st.booleans()), min_size=1, max_size=5
)


@settings(max_examples=60, deadline=None)
@given(TARIFFS, LEGS)
def test_parts_and_periods_add_up_and_costs_only_grow(
    tariff: Tariff, legs: list[tuple[int, int, Flow, bool]]
) -> None:
    session, so_far = Session(tariff), Decimal(0)
    for minutes, mwh, then, _ in legs:
        session.goes_on(minutes, str(Decimal(mwh) / 1_000_000), then=then)
        now = sum_of(session.bill)[1]
        assert now >= so_far
        so_far = now
    found = session.ended()
    for half in ("excl_tax", "incl_tax"):
        assert sum(getattr(part, half) for part in found.parts.values()) == getattr(found.total, half)
    assert sum(period.energy_mwh for period in found.periods) == found.energy_wh * 1000
    assert sum(period.charging_ms for period in found.periods) // 1000 == found.charging_s
    assert sum(period.idle_ms for period in found.periods) // 1000 == found.idle_s
    starts = [period.start for period in found.periods]
    assert starts == sorted(starts)
    assert starts[0] == MONDAY
    if tariff.max_cost is not None and tariff.max_cost.incl_tax is not None:
        assert found.payable <= tariff.max_cost.incl_tax


@settings(max_examples=40, deadline=None)
@given(TARIFFS, st.integers(1, 90), st.integers(0, 20_000_000), st.integers(1, 600))
def test_it_makes_no_difference_how_often_it_is_looked_at(
    tariff: Tariff, minutes: int, mwh: int, every_s: int
) -> None:
    """But for the mWh that are left over where energy is spread evenly."""
    kwh = str(Decimal(mwh) / 1_000_000)
    seldom, often = (
        Session(tariff).goes_on(minutes, kwh),
        Session(tariff).goes_on(minutes, kwh, every_s=every_s),
    )
    looks = minutes * 60 // every_s + minutes + 10
    dearest = Decimal(20) * looks / 1_000_000 + Decimal("0.01")
    assert abs(sum_of(seldom.bill)[1] - sum_of(often.bill)[1]) <= dearest
    assert seldom.bill.usage == often.bill.usage


@settings(max_examples=30, deadline=None)
@given(TARIFFS, LEGS)
def test_the_account_of_a_running_transaction_is_that_of_one_that_ends_now(
    tariff: Tariff, legs: list[tuple[int, int, Flow, bool]]
) -> None:
    session = Session(tariff, zone=UTC, reserved=timedelta(minutes=3))
    for minutes, mwh, then, _ in legs:
        session.goes_on(minutes, str(Decimal(mwh) / 1_000_000), then=then)
    running, final = details(session.bill, is_final=False), details(session.bill, is_final=True)
    assert (running.total, running.parts, running.kind) == (final.total, final.parts, final.kind)
    assert running.periods == ()
