from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.smartcharging.cap import Cap, Supply
from agent.smartcharging.composite import (
    cap_at,
    composite,
    composite_of_station,
    next_change,
    pieces,
)
from agent.smartcharging.course import STATION_WIDE, Evse
from agent.smartcharging.profiles import Profile, RateUnit, SocLimit
from agent.smartcharging.timeline import Reference, said_by
from tests.unit.agent.smartcharging.charging import NOON, SUPPLY, TRANSACTION, evse, minutes, profile
from tests.unit.agent.smartcharging.sampled import Situation, limits_a

HOUR_S = 3600
OWN = ("PriorityCharging", "TxProfile", "TxDefaultProfile")
"""Of these only the first that speaks counts."""


def rows(
    profiles: list[Profile], of: Evse, duration_s: int = HOUR_S, unit: RateUnit = "A"
) -> list[tuple[int, float]]:
    return [
        (period.start_s, float(period.limit)) for period in composite(profiles, of, NOON, duration_s, unit)
    ]


def test_without_profiles_the_wiring_is_the_limit() -> None:
    (period,) = composite([], evse(), NOON, HOUR_S, "A")
    assert (period.start_s, float(period.limit), period.phases) == (0, 32, 3)
    (period,) = composite([], evse(), NOON, HOUR_S, "W")
    assert period.limit == 32 * 230 * 3


def test_a_schedule_of_no_duration_is_empty() -> None:
    """GetCompositeSchedule with duration 0 asks for nothing, and gets no limit that was never set."""
    assert composite([profile((0, 16))], evse(), NOON, 0, "A") == ()


def test_the_highest_stack_level_leads_while_it_says_anything() -> None:
    """Two defaults: the upper one for 20 minutes from 12:10 on."""
    low = profile((0, 16), id=1, stack_level=0)
    high = profile((0, 10), id=2, stack_level=5, start=NOON + minutes(10), duration_s=1200)
    assert rows([low, high], evse()) == [(0, 16), (600, 10), (1800, 16)]


def test_a_higher_level_may_allow_more_than_a_lower_one() -> None:
    low = profile((0, 10), id=1, stack_level=0)
    high = profile((0, 20), id=2, stack_level=1, duration_s=600)
    assert rows([low, high], evse()) == [(0, 20), (600, 10)]


def test_a_tx_profile_overrules_the_default_and_the_default_returns_after_it() -> None:
    """K01.FR.14: of TxProfile and TxDefaultProfile only one counts."""
    default = profile((0, 10), id=1)
    own = profile((0, 20), id=2, purpose="TxProfile", kind="Relative", duration_s=900)
    of = evse(reference=Reference(charging_since=NOON))
    assert rows([default, own], of) == [(0, 20), (900, 10)]


def test_a_tx_profile_of_another_transaction_counts_for_nothing() -> None:
    other = profile((0, 6), purpose="TxProfile", transaction_id="T-0")
    assert rows([other], evse()) == [(0, 32)]
    assert rows([profile((0, 6), purpose="TxProfile")], evse(transaction_id=None)) == [(0, 32)]


def test_of_all_purposes_the_lowest_limit_holds() -> None:
    """K08.FR.02."""
    profiles = [
        profile((0, 25), (1800, 12), id=1, purpose="ChargingStationMaxProfile"),
        profile(
            (0, 16), id=2, evse_id=0, purpose="ChargingStationExternalConstraints", start=NOON + minutes(15)
        ),
        profile((0, 20), (2400, 6), id=3),
    ]
    assert rows(profiles, evse()) == [(0, 20), (900, 16), (1800, 12), (2400, 6)]


def test_every_limit_from_outside_counts() -> None:
    """Energy management and grid operator each set one: there is no stack of them."""
    of_the_house = profile((0, 10), id=1, evse_id=0, purpose="ChargingStationExternalConstraints")
    of_the_grid = profile((0, 13), id=2, evse_id=0, purpose="ChargingStationExternalConstraints", source="SO")
    own = profile((0, 8), (600, 20), id=3, purpose="ChargingStationExternalConstraints")
    assert rows([of_the_house, of_the_grid], evse()) == [(0, 10)]
    assert rows([of_the_house, of_the_grid, own], evse()) == [(0, 8), (600, 10)]


def test_an_evses_own_default_goes_before_the_stations_of_the_same_level() -> None:
    station = profile((0, 10), id=1, evse_id=0)
    own = profile((0, 16), id=2, evse_id=1)
    assert rows([station, own], evse()) == [(0, 16)]
    assert rows([station, own], evse(id=2)) == [(0, 10)]


def test_a_default_of_the_station_is_for_each_evse_and_not_for_all_together() -> None:
    """K01.FR.14."""
    for_each = profile((0, 10), evse_id=0)
    assert rows([for_each], evse(id=2)) == [(0, 10)]
    assert rows([for_each], evse(id=0)) == [(0, 32)]


def test_watts_become_amperes_by_the_phases_that_the_profile_means() -> None:
    """K01.FR.49, K01.FR.50: where it does not say for how many, three are meant."""
    three = profile((0, 11_040), unit="W")
    one = profile((0, 7360, 1), unit="W")
    assert rows([three], evse()) == [(0, 16)]
    (period,) = composite([one], evse(), NOON, HOUR_S, "A")
    assert (float(period.limit), period.phases) == (32, 1)
    single_phase = Supply(phases=1, voltage_v=Decimal(230), most_current_a=Decimal(32))
    assert rows([profile((0, 3680, 1), unit="W")], evse(supply=single_phase)) == [(0, 16)]
    assert rows([profile((0, 11040), unit="W")], evse(supply=single_phase)) == [(0, 16)]


def test_a_limit_is_rounded_down() -> None:
    assert rows([profile((0, 10_000), unit="W")], evse()) == [(0, 14.4)]


def test_a_daily_profile_shows_its_next_turn() -> None:
    daily = profile((0, 6), (1800, 16), kind="Recurring", recurrency="Daily", duration_s=HOUR_S)
    of_a_day = rows([daily], evse(), 26 * HOUR_S)
    assert of_a_day == [
        (0, 6),
        (1800, 16),
        (3600, 32),
        (24 * 3600, 6),
        (24 * 3600 + 1800, 16),
        (25 * 3600, 32),
    ]


def test_a_relative_default_is_shown_from_now_on_while_nobody_charges() -> None:
    relative = profile((0, 16), (600, 10), kind="Relative")
    assert rows([relative], evse(transaction_id=None)) == [(0, 16), (600, 10)]


def test_the_station_draws_the_sum_of_its_evses_and_no_more_than_its_own_limit() -> None:
    grid = Supply(phases=3, voltage_v=Decimal(230), most_current_a=Decimal(63))
    evses = [evse(id=1), evse(id=2, transaction_id=None)]
    profiles = [
        profile((0, 10), id=1, evse_id=1),
        profile((0, 20), (1200, 6), id=2, evse_id=2),
        profile((0, 25), id=3, purpose="ChargingStationMaxProfile", duration_s=1800),
    ]
    found = composite_of_station(profiles, evses, grid, NOON, HOUR_S, "A")
    assert [(period.start_s, float(period.limit)) for period in found] == [(0, 25), (1200, 16)]


limits = st.integers(0, 400).map(lambda tenths: Decimal(tenths) / 10)
moments = st.integers(-7200, 7200).map(lambda seconds: NOON + timedelta(seconds=seconds))


@st.composite
def any_profile(draw: st.DrawFn, number: int) -> Profile:
    purpose = draw(st.sampled_from([*STATION_WIDE, *OWN]))
    kind = draw(st.sampled_from(["Absolute", "Dynamic", "Relative", "Recurring"]))
    unit = draw(st.sampled_from(["A", "W"]))
    gaps = draw(st.lists(st.integers(1, 3000), max_size=4))
    starts = [0, *(sum(gaps[: index + 1]) for index in range(len(gaps)))]
    factor = 690 if unit == "W" else 1
    steps = [(start, draw(limits) * factor, draw(st.sampled_from([1, 2, 3]))) for start in starts]
    one = profile(
        *(steps[:1] if kind == "Dynamic" else steps),
        id=number,
        evse_id=0 if purpose in STATION_WIDE else draw(st.sampled_from([0, 1])),
        stack_level=draw(st.integers(0, 3)),
        purpose=purpose,
        kind=kind,
        recurrency=draw(st.sampled_from(["Daily", "Weekly"])) if kind == "Recurring" else None,
        unit=unit,
        start=draw(moments),
        duration_s=draw(st.one_of(st.none(), st.integers(1, 9000))),
        valid_from=draw(st.one_of(st.none(), moments)),
        valid_to=draw(st.one_of(st.none(), moments)),
        max_offline_s=draw(st.one_of(st.none(), st.integers(0, 3000))),
        updated_at=draw(moments) if kind == "Dynamic" else None,
    )
    if draw(st.booleans()):
        return one
    beyond = SocLimit(soc=draw(st.integers(60, 80)), limit=draw(limits) * factor)
    return replace(one, schedules=(replace(one.schedule, soc_limit=beyond),))


profiles_of = st.integers(0, 6).flatmap(lambda count: st.tuples(*(any_profile(n) for n in range(count))))
SINCE = NOON - minutes(20)
OF = evse(reference=Reference(charging_since=SINCE))
HURRIED = evse(
    reference=Reference(charging_since=SINCE, offline_since=NOON - minutes(10), soc=70), has_priority=True
)
either = st.sampled_from([OF, HURRIED])


def stack_of(profiles: tuple[Profile, ...], purpose: str) -> list[Profile]:
    found = [one for one in profiles if one.purpose == purpose]
    return [one for one in found if purpose != "TxProfile" or one.transaction_id == TRANSACTION]


@given(profiles_of, moments, either)
def test_no_limit_in_force_is_ever_passed(profiles: tuple[Profile, ...], at: datetime, of: Evse) -> None:
    """What is drawn keeps every external limit, and of each purpose one of the highest level in force."""
    profiles = tuple(one for one in profiles if one.purpose != "LocalGeneration")
    together = cap_at(profiles, of, at)
    current_a, phases = together.current_on(SUPPLY), together.phases_on(SUPPLY)
    assert current_a <= SUPPLY.most_current_a
    says_something = {
        purpose: [
            (one, said.cap)
            for one in stack_of(profiles, purpose)
            if (said := said_by(one, at, of.reference)).cap is not None
        ]
        for purpose in (*STATION_WIDE, *OWN)
    }
    external = says_something.pop("ChargingStationExternalConstraints")
    assert all(keeps(current_a, phases, limit) for _, limit in external)
    if not of.has_priority:
        says_something["PriorityCharging"] = []
    for number, purpose in enumerate(OWN):
        if says_something[purpose]:  # it overrules those after it
            says_something |= {overruled: [] for overruled in OWN[number + 1 :]}
    for speaking in says_something.values():
        top = max((one.stack_level for one, _ in speaking), default=0)
        allowed = [cap for one, cap in speaking if one.stack_level == top]
        assert not speaking or any(keeps(current_a, phases, limit) for limit in allowed)


@given(profiles_of, moments, either, st.integers(1, 4))
def test_with_what_is_generated_no_more_than_that_is_drawn_beyond_the_limits(
    profiles: tuple[Profile, ...], at: datetime, of: Evse, sharers: int
) -> None:
    """K04.FR.05: all EVSEs that count on it together, on each phase; and never beyond the wiring."""
    limiting = tuple(one for one in profiles if one.purpose != "LocalGeneration")
    generating = [said_by(one, at, of.reference).cap for one in profiles if one not in limiting]
    given_a = sum(
        (
            cap.current_a if cap.current_a is not None else (cap.phase_w or Decimal(0)) / SUPPLY.voltage_v
            for cap in generating
            if cap is not None
        ),
        Decimal(0),
    )
    sharing = replace(of, share=Decimal(1) / sharers)
    without_a = cap_at(limiting, sharing, at).current_on(SUPPLY)
    with_a = cap_at(profiles, sharing, at).current_on(SUPPLY)
    assert without_a <= with_a <= SUPPLY.most_current_a
    assert (with_a - without_a - Decimal("0.1")) * sharers <= given_a


@given(
    profiles_of,
    st.lists(st.integers(0, HOUR_S - 1), min_size=1, max_size=40, unique=True).map(sorted),
    either,
)
def test_the_schedule_is_what_a_look_at_any_second_finds(
    profiles: tuple[Profile, ...], seconds: list[int], of: Evse
) -> None:
    """K08.FR.02: against a model that asks every profile anew, at every second."""
    schedule_a = composite(profiles, of, NOON, HOUR_S, "A")
    starts = [period.start_s for period in schedule_a]
    found = [schedule_a[bisect_right(starts, second) - 1].limit for second in seconds]
    situation = Situation(
        supply=SUPPLY,
        transaction_id=TRANSACTION,
        charging_since=SINCE,
        has_priority=of.has_priority,
        offline_since=of.reference.offline_since,
        soc=of.reference.soc,
    )
    assert found == limits_a(profiles, situation, NOON, seconds)


def keeps(current_a: Decimal, phases: int, limit: Cap) -> bool:
    return (
        (limit.current_a is None or current_a <= limit.current_a)
        and (limit.power_w is None or current_a * phases * SUPPLY.voltage_v <= limit.power_w)
        and (limit.phase_w is None or current_a * SUPPLY.voltage_v <= limit.phase_w)
        and (limit.phases is None or phases <= limit.phases)
    )


@given(profiles_of, either)
@settings(max_examples=60)
def test_the_pieces_are_what_a_look_at_every_minute_finds(profiles: tuple[Profile, ...], of: Evse) -> None:
    line = list(pieces(profiles, of, NOON, HOUR_S))
    for minute in range(60):
        at = NOON + minutes(minute)
        in_force = [piece.cap for piece in line if piece.start <= at][-1]
        assert in_force == cap_at(profiles, of, at)


@given(profiles_of, moments, either)
def test_nothing_changes_before_the_next_change(
    profiles: tuple[Profile, ...], at: datetime, of: Evse
) -> None:
    until = next_change(profiles, of, at)
    later = at + timedelta(days=3) if until is None else at + (until - at) * 0.99
    assert cap_at(profiles, of, later) == cap_at(profiles, of, at)
