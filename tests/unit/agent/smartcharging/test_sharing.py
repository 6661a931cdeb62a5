from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from agent.smartcharging.sharing import LOWEST_A, Claim, share

ALL = frozenset({1, 2, 3})


def claim(evse_id: int, most_a: int = 32, phases: frozenset[int] = ALL, **members: int | None) -> Claim:
    needs = members.get("needs_a")
    return Claim(
        evse_id=evse_id,
        most_a=Decimal(most_a),
        phases=phases,
        rank=members.get("rank") or evse_id,
        needs_a=None if needs is None else Decimal(needs),
        least_a=Decimal(members.get("least_a") or LOWEST_A),
    )


def shared(claims: list[Claim], *available_a: int) -> list[int]:
    amperes = available_a * 3 if len(available_a) == 1 else available_a
    given = share(claims, dict(enumerate(map(Decimal, amperes), start=1)))
    return [int(given[one.evse_id]) for one in claims]


def test_all_get_the_same_where_all_want_more() -> None:
    assert shared([claim(1), claim(2)], 32) == [16, 16]
    assert shared([claim(1), claim(2), claim(3)], 32) == [10, 10, 10]


def test_less_than_is_worth_while_is_nothing_and_others_have_it() -> None:
    """K01.FR.21, K02.FR.06, K03.FR.07, K04.FR.04: minChargingRate, here 12 A of the second."""
    assert shared([claim(1), claim(2, least_a=12)], 20) == [8, 12]
    assert shared([claim(1), claim(2, least_a=12)], 17) == [17, 0]
    assert shared([claim(1, rank=2), claim(2, rank=1, least_a=12)], 17) == [0, 17]


def test_what_one_cannot_use_goes_to_the_others() -> None:
    assert shared([claim(1, most_a=10), claim(2)], 40) == [10, 30]


def test_what_a_vehicle_does_not_draw_goes_to_the_others_first() -> None:
    """The first could have 32 A but was seen to draw 8; the second takes what is left."""
    assert shared([claim(1, needs_a=8), claim(2)], 32) == [8, 24]


def test_what_nobody_needs_is_shared_again() -> None:
    assert shared([claim(1, needs_a=8), claim(2, most_a=16)], 40) == [24, 16]


def test_who_came_first_charges_where_not_all_can() -> None:
    assert shared([claim(1, rank=3), claim(2, rank=1), claim(3, rank=2)], 13) == [0, 6, 6]
    assert shared([claim(1)], 5) == [0]


def test_single_phase_vehicles_on_different_phases_do_not_disturb_each_other() -> None:
    first, second = frozenset({1}), frozenset({2})
    assert shared([claim(1, phases=first), claim(2, phases=second)], 20) == [20, 20]
    assert shared([claim(1, phases=first), claim(2)], 20) == [10, 10]


claims = st.lists(
    st.builds(
        Claim,
        evse_id=st.integers(1, 8),
        most_a=st.integers(0, 80).map(Decimal),
        phases=st.sampled_from([ALL, frozenset({1}), frozenset({2}), frozenset({3}), frozenset({1, 2})]),
        rank=st.integers(0, 3),
        needs_a=st.one_of(st.none(), st.integers(0, 90).map(Decimal)),
    ),
    max_size=8,
    unique_by=lambda one: one.evse_id,
)
supplies = st.tuples(*[st.integers(0, 200).map(lambda tenths: Decimal(tenths) / 2)] * 3)


@given(claims, supplies)
def test_no_phase_is_overloaded_and_nobody_gets_more_than_it_can_use(
    wanted: list[Claim], supply: tuple[Decimal, Decimal, Decimal]
) -> None:
    available = dict(enumerate(supply, start=1))
    given_a = share(wanted, available)
    assert set(given_a) == {one.evse_id for one in wanted}
    for phase, most_a in available.items():
        assert sum(given_a[one.evse_id] for one in wanted if phase in one.phases) <= most_a
    for one in wanted:
        assert given_a[one.evse_id] <= one.most_a
        assert given_a[one.evse_id] == 0 or given_a[one.evse_id] >= LOWEST_A


@given(claims, supplies)
def test_nothing_is_wasted(wanted: list[Claim], supply: tuple[Decimal, Decimal, Decimal]) -> None:
    """Who is served with less than it could use shares a phase that has less than an ampere each to spare."""
    available = dict(enumerate(supply, start=1))
    given_a = share(wanted, available)
    for one in wanted:
        if 0 < given_a[one.evse_id] < one.most_a:
            spare = {
                phase: available[phase] - sum(given_a[o.evse_id] for o in wanted if phase in o.phases)
                for phase in one.phases
            }
            assert min(spare.values()) < len(wanted)
