from __future__ import annotations

from dataclasses import replace

from drivers.emulated.faults.book import ArmedFault, FaultBook
from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.injection import Injection, Schedule, Span, Where
from drivers.emulated.faults.requests import Silence
from drivers.emulated.faults.state import Brownout, Unplug
from drivers.emulated.faults.values import Frozen, SignFlip
from tests.profiles import shipped_profile

READ = Span(4, "input", 72, 74)
SDM = shipped_profile("eastron-sdm630")
POWER = SDM.point("power")


def armed(fault: Fault, when: Schedule, *, seed: int = 1) -> tuple[FaultBook, ArmedFault]:
    book = FaultBook(seed)
    return book, book.inject(Injection(fault=fault, when=when), 100.0)


def struck(book: FaultBook, *moments_s: float) -> list[bool]:
    return [bool(book.striking("meter", READ, (POWER,), moment_s)) for moment_s in moments_s]


def test_the_schedule_counts_from_the_moment_it_was_set_up() -> None:
    book, _ = armed(Silence(), Schedule(at_s=5, for_s=2))
    assert struck(book, 104.9, 105, 106.9, 107) == [False, True, True, False]


def test_only_so_many_times() -> None:
    book, fault = armed(Silence(), Schedule(times=2))
    assert struck(book, 100, 101, 102) == [True, True, False]
    assert fault.hits == 2


def test_chances_are_those_of_the_seed() -> None:
    first, again, other = (
        struck(armed(Silence(), Schedule(probability=0.3), seed=seed)[0], *range(100, 300))
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
    assert 30 < sum(first) < 90


def test_what_a_value_fault_remembers_ends_with_the_occurrence() -> None:
    book, fault = armed(Frozen(), Schedule(every_s=10))
    struck(book, 100)
    fault.memory["power"] = None
    struck(book, 109)
    assert fault.memory
    struck(book, 110)
    assert not fault.memory


def turns(fault: ArmedFault, *moments_s: float) -> list[list[bool]]:
    return [list(fault.turn(moment_s)) for moment_s in moments_s]


def test_a_state_fault_begins_and_ends_with_its_occurrences() -> None:
    _, fault = armed(Unplug(), Schedule(at_s=1, for_s=2, every_s=5))
    assert turns(fault, 100, 101, 102, 103, 105.9, 106, 108) == [[], [True], [], [False], [], [True], [False]]


def test_an_occurrence_may_follow_the_other_at_once() -> None:
    _, fault = armed(Unplug(), Schedule(every_s=5))
    assert turns(fault, 100, 104, 105) == [[True], [], [False, True]]


def test_a_brownout_lasts_as_long_as_it_does() -> None:
    book, fault = armed(Brownout(), Schedule())
    assert turns(fault, 100, 102.9, 106.1, 200) == [[True], [], [False], []]
    assert struck(book, 101) == [False]


def test_state_faults_come_about_by_chance_and_only_so_often() -> None:
    _, fault = armed(Unplug(), Schedule(every_s=1, for_s=0.5, probability=0.5, times=3))
    moments_s = [100 + step / 4 for step in range(400)]
    begun = [begins for moment in turns(fault, *moments_s) for begins in moment]
    assert begun == [True, False] * 3


def test_named_points_are_concerned_whatever_the_fault_is_usually_about() -> None:
    _, fault = armed(SignFlip(), Schedule())
    energy, power = SDM.point("energy_import"), SDM.point("power")
    assert (fault.touches(energy), fault.touches(power)) == (False, True)
    named = replace(fault.injection, where=Where(points=frozenset({"energy_import"})))
    fault.injection = named
    assert (fault.touches(energy), fault.touches(power)) == (True, False)
    fault.injection = replace(named, where=Where(addresses=range(72, 73)))
    assert (fault.touches(energy), fault.touches(power)) == (True, False)


def test_a_fault_that_is_taken_out_hits_nothing() -> None:
    book, fault = armed(Silence(), Schedule())
    assert book.take(fault.id) is fault
    assert struck(book, 100) == [False]
    assert not book
