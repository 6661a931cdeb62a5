from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from agent.tariffs.book import (
    MOST_TARIFFS,
    Abilities,
    Installed,
    Refusal,
    cleared,
    current,
    in_force,
    problem_with,
    with_default,
)
from agent.tariffs.tariff import Conditions, Tariff
from tests.unit.agent.tariffs.sessions import prices, tariff

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def named(name: str, valid_from: datetime | None = None) -> Tariff:
    return tariff(id=name, valid_from=valid_from)


def book(*tariffs: tuple[str, datetime | None], evse_ids: tuple[int, ...] = (1, 2)) -> tuple[Installed, ...]:
    """Return the book after these were set one minute after the other, the last one now."""
    made: tuple[Installed, ...] = ()
    for number, (name, valid_from) in enumerate(tariffs, start=1 - len(tariffs)):
        grown = with_default(made, named(name, valid_from), evse_ids, NOW + timedelta(minutes=number))
        assert not isinstance(grown, Refusal)
        made = grown
    return made


def names(found: tuple[Installed, ...]) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.tariff.id, one.evse_ids) for one in found]


def counts(found: tuple[Installed, ...], at: datetime, evse_id: int = 1) -> str | None:
    there = in_force(found, evse_id, at)
    return None if there is None else there.tariff.id


def test_the_next_one_replaces_the_one_that_counts() -> None:
    """I07.FR.20, I07.FR.22: also one that should have counted before it was set."""
    assert names(book(("A", None), ("B", None))) == [("B", (1, 2))]
    assert names(book(("A", None), ("B", NOW - HOUR))) == [("B", (1, 2))]
    assert names(book(("A", NOW - HOUR), ("B", None))) == [("B", (1, 2))]


def test_one_of_later_waits_beside_it() -> None:
    """I07.FR.19, I07.FR.21, I07.FR.23: whatever the order in which they were set."""
    for order in (("C", "B", "A"), ("A", "B", "C"), ("B", "A", "C")):
        times = {"A": None, "B": NOW + HOUR, "C": NOW + 2 * HOUR}
        made = book(*((name, times[name]) for name in order))
        at = NOW + timedelta(minutes=1)
        assert [counts(made, at + step * HOUR) for step in range(3)] == ["A", "B", "C"]
        assert [name for name, _ in names(current(made, at + HOUR))].count("A") == 0
        assert [name for name, _ in names(current(made, at + 2 * HOUR))] == ["C"]


def test_of_two_for_the_same_time_the_last_one_counts() -> None:
    assert names(book(("A", NOW + HOUR), ("B", NOW + HOUR))) == [("B", (1, 2))]


def test_an_evse_of_its_own() -> None:
    """I07.FR.12: one for each EVSE is replaced at one EVSE only."""
    grown = with_default(book(("A", None)), named("B"), [2], NOW)
    assert not isinstance(grown, Refusal)
    assert names(grown) == [("A", (1,)), ("B", (2,))]
    assert counts(grown, NOW, 3) is None


def test_an_id_is_taken_once() -> None:
    """I07.FR.04."""
    refused = with_default(book(("A", None)), named("A"), [2], NOW)
    assert isinstance(refused, Refusal)
    assert refused.status == "DuplicateTariffId"


def test_there_is_room_for_so_many() -> None:
    full = book(*((f"T{number}", NOW + number * HOUR) for number in range(1, MOST_TARIFFS + 1)))
    refused = with_default(full, named("X", NOW + HOUR / 2), [1], NOW)
    assert isinstance(refused, Refusal)
    assert (refused.status, refused.reason) == ("Rejected", "OutOfMemory")


def test_clearing() -> None:
    """I10.FR.02, I10.FR.03: by id, by EVSE, by both, or all."""
    made = book(("A", None), ("B", NOW + HOUR))
    assert cleared(made, None, None) == ((), ("A", "B"))
    left, gone = cleared(made, ["B", "X"], None)
    assert (names(left), gone) == ([("A", (1, 2))], ("B",))
    left, gone = cleared(made, None, 1)
    assert (names(left), gone) == ([("A", (2,)), ("B", (2,))], ("A", "B"))
    left, gone = cleared(left, ["A"], 2)
    assert (names(left), gone) == ([("B", (2,))], ("A",))
    assert cleared(left, ["B"], 1) == (left, ())


def test_what_the_station_can_work_with() -> None:
    """I07.FR.02."""
    able = Abilities(most_elements=2, with_conditions=True)
    plain = tariff(energy=prices("1", "2"), fixed_fee=prices("1", "2"))
    bounded = tariff(energy=prices(("1", Conditions(min_energy=Decimal(1))), "2"))
    assert problem_with(plain, able) is problem_with(bounded, able) is None
    too_many = problem_with(tariff(idle_time=prices("1", "2", "3")), able)
    assert too_many is not None
    assert too_many.status == "TooManyElements"
    without = problem_with(bounded, Abilities(most_elements=2, with_conditions=False))
    assert without is not None
    assert without.status == "ConditionNotSupported"
    assert problem_with(plain, Abilities(most_elements=2, with_conditions=False)) is None
    senseless = problem_with(tariff(problem="25:00 is no time"), able)
    assert senseless is not None
    assert (senseless.status, senseless.why) == ("Rejected", "25:00 is no time")
