from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import reduce
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backend.rating.rate import Activity, add_up
from backend.sessions.event import Increment
from backend.sessions.progress import NOTHING, Progress, advance, periods_of
from tests.unit.backend import seed


def at(
    minute: float, state: str | None = None, energy_wh: int | None = None, first: int | None = None
) -> Increment:
    return Increment(
        at=seed.NOW + timedelta(minutes=minute),
        charging_state=state,  # type: ignore[arg-type] # tests say any state
        energy_wh=energy_wh,
        energy_first_wh=first,
    )


def total(*events: Increment) -> Progress:
    return reduce(advance, events, NOTHING)


def minutes(progress: Progress) -> tuple[float, float]:
    return progress.charging_us / 60e6, progress.parking_us / 60e6


def test_idle_time_is_not_charging_time() -> None:
    """The vehicle is full after ten minutes and stays for two hours."""
    session = total(at(0, "Charging", 1000), at(10, "SuspendedEV", 3000), at(130, "EVConnected", 3000))
    assert minutes(session) == (10, 120)
    assert session.energy_wh == 2000


def test_waiting_for_the_grid_is_neither_charging_nor_parking() -> None:
    session = total(at(0, "Charging"), at(10, "SuspendedEVSE"), at(40, "Charging"), at(45))
    assert minutes(session) == (15, 0)


def test_the_time_before_the_first_charging_is_not_parking() -> None:
    """Plugged in, but not yet authorized: the vehicle has not been offered any energy."""
    session = total(at(0, "EVConnected"), at(5, "Charging"), at(15, "EVConnected"), at(20))
    assert minutes(session) == (10, 5)


def test_a_vehicle_that_does_not_want_energy_parks_from_the_start() -> None:
    assert minutes(total(at(0, "SuspendedEV"), at(30))) == (0, 30)


def test_no_vehicle_is_not_parking() -> None:
    assert minutes(total(at(0, "Charging"), at(10, "Idle"), at(30))) == (10, 0)


def test_an_event_without_a_state_changes_none() -> None:
    assert minutes(total(at(0, "Charging"), at(10), at(20))) == (20, 0)


def test_energy_is_what_the_register_gained_from_any_start_value() -> None:
    session = total(at(0, "Charging", 12_345_678), at(10, energy_wh=12_346_678), at(20, energy_wh=12_350_000))
    assert session.energy_wh == 4322


def test_an_event_with_a_begin_and_an_end_reading_counts_both() -> None:
    """A charger that reports all readings when the transaction ends."""
    session = total(at(0, "Charging"), at(60, energy_wh=9000, first=2000))
    assert session.energy_wh == 7000


def test_a_register_that_runs_backwards_delivers_nothing() -> None:
    assert total(at(0, "Charging", 5000), at(10, energy_wh=10)).energy_wh == 0


def test_a_clock_that_runs_backwards_counts_no_time_twice() -> None:
    session = total(at(0, "Charging"), at(10), at(5), at(12))
    assert minutes(session) == (12, 0)


def test_neighbouring_periods_of_one_activity_are_one() -> None:
    periods = periods_of([
        at(0, "Charging", 0),
        at(10, energy_wh=1000),
        at(20, "SuspendedEV", 2000),
        at(30, energy_wh=2000),
        at(40, "Charging"),
        at(50, "EVConnected", 2500),
    ])  # fmt: skip
    assert [(each.activity, int(each.seconds), int(each.energy_wh)) for each in periods] == [
        (Activity.CHARGING, 1200, 2000),
        (Activity.PARKING, 1200, 0),
        (Activity.CHARGING, 600, 500),
    ]


def test_a_single_event_with_two_readings_keeps_its_energy() -> None:
    periods = periods_of([at(0, "Charging", 500, first=100)])
    assert sum(each.energy_wh for each in periods) == 400


events = st.lists(
    st.builds(
        at,
        st.integers(-5, 300),
        st.sampled_from([None, "Charging", "EVConnected", "SuspendedEV", "SuspendedEVSE", "Idle"]),
        st.none() | st.integers(0, 100_000),
    ),
    min_size=1,
    max_size=12,
)


@given(events)
def test_the_periods_of_the_cdr_add_up_to_the_running_sums(session: list[Increment]) -> None:
    """What the driver saw while charging is what the CDR bills."""
    progress, periods = total(*session), periods_of(session)
    assert add_up(periods) == progress.quantities
    assert all(one.end == two.start for one, two in pairwise(periods))
    assert progress.quantities.energy_wh == Decimal(progress.energy_wh)
