from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.smartcharging.needs import AcNeeds, Chosen, DcNeeds, Needs, Offer
from agent.smartcharging.offers import is_within, offers
from agent.smartcharging.profiles import Period, Profile, Schedule
from tests.unit.agent.smartcharging.charging import NOON, evse, minutes, profile, schedule

HOUR_S = 3600
AC = AcNeeds(energy_wh=20_000, least_a=6, most_a=16, most_v=400)
DC = DcNeeds(most_a=200, most_v=800)


def offered(*profiles: Profile, most: int = 3) -> tuple[Offer, ...]:
    return offers(profiles, evse(), NOON, HOUR_S, "W", most)


def limits(offer: Offer) -> list[tuple[int, int]]:
    return [(period.start_s, int(period.limit)) for period in offer.periods]


def plan(*steps: tuple[int, int], duration_s: int | None = HOUR_S, start_min: float = 0) -> Chosen:
    periods = tuple(Period(start_s=start_s, limit=Decimal(limit)) for start_s, limit in steps)
    chosen = Schedule(id=1, unit="W", periods=periods, duration_s=duration_s)
    return Chosen(evse_id=1, start=NOON + minutes(start_min), schedule=chosen)


def test_needs_are_told_for_the_current_that_is_wanted() -> None:
    """K15.FR.06."""
    assert Needs(evse_id=1, transfer="AC_three_phase", ac=AC).ac == AC
    assert Needs(evse_id=1, transfer="DC", dc=DC).dc == DC
    with pytest.raises(ValueError, match="DC needs parameters for DC"):
        Needs(evse_id=1, transfer="DC", ac=AC)
    with pytest.raises(ValueError, match="parameters for AC"):
        Needs(evse_id=1, transfer="AC_single_phase", ac=AC, dc=DC)


def test_without_a_choice_there_is_one_offer() -> None:
    (only,) = offered(profile((0, 10), (1800, 8)))
    assert (only.id, limits(only)) == (1, [(0, 6900), (1800, 5520)])


def test_schedules_of_one_number_are_taken_together() -> None:
    """K15.FR.22, K18.FR.24: first with first, second with second; who has fewer stays with the first."""
    three = [replace(schedule((0, most), duration_s=1800), id=most) for most in (10, 12, 14)]
    above = profile(id=1, stack_level=1, purpose="TxProfile", schedules=tuple(three))
    below = profile(id=2, purpose="TxProfile", schedules=(schedule((0, 16)), schedule((0, 20))))
    found = offered(above, below)
    assert [offer.id for offer in found] == [10, 12, 14]
    assert [limits(offer) for offer in found] == [
        [(0, 6900), (1800, 11_040)],
        [(0, 8280), (1800, 13_800)],
        [(0, 9660), (1800, 11_040)],
    ]
    assert len(offered(above, below, most=2)) == 2


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (plan((0, 6900), (1800, 5520)), True),
        (plan((0, 6900), (1700, 5520)), True),
        (plan((0, 6901)), False),
        (plan((0, 6900)), False),
        (plan((0, 5520), duration_s=None), True),
        (plan((0, 6900), start_min=20), False),
        (plan((0, 6900), start_min=20, duration_s=600), True),
    ],
)
def test_a_plan_keeps_to_what_was_offered(chosen: Chosen, expected: bool) -> None:
    """K15.FR.09."""
    (offer,) = offered(profile((0, 10), (1800, 8)))
    assert is_within(chosen, offer) is expected


def test_a_plan_in_another_unit_cannot_be_checked() -> None:
    (offer,) = offered(profile((0, 10)))
    in_amperes = replace(plan((0, 1)).schedule, unit="A")
    assert not is_within(replace(plan((0, 1)), schedule=in_amperes), offer)


powers = st.integers(0, 23_000)


@given(
    st.lists(st.tuples(st.integers(1, 900), powers), max_size=5),
    st.lists(st.tuples(st.integers(1, 900), powers), max_size=5),
    powers,
    powers,
)
def test_whatever_passes_never_takes_more_at_any_minute(
    gaps: list[tuple[int, int]], planned: list[tuple[int, int]], first: int, begins: int
) -> None:
    def steps(parts: list[tuple[int, int]], at_first: int) -> list[tuple[int, int]]:
        found = [(0, at_first)]
        for gap, limit in parts:
            found.append((found[-1][0] + gap, limit))
        return found

    (offer,) = offered(profile(*steps(gaps, first), unit="W"))
    chosen = plan(*steps(planned, begins))
    takes, may = steps(planned, begins), limits(offer)

    def at(line: list[tuple[int, int]], second: int) -> int:
        return [limit for start_s, limit in line if start_s <= second][-1]

    exceeds = any(at(takes, second) > at(may, second) for second in range(0, HOUR_S, 60))
    assert not (exceeds and is_within(chosen, offer))
