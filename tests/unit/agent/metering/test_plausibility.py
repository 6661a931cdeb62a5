from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from agent.metering.plausibility import State, Verdict, judge, resumed
from agent.metering.problems import Break, Problem
from agent.metering.values import Key
from drivers.readings import MeterReading, Quality, RegisterFacts
from tests.unit.agent.metering.readings import IMPORT, LIMITS, at, charging, poll

EXPORT: Key = ("Energy.Active.Export.Register", None)
HIGH = 12_345_678_000
PER_SECOND_MWH = 3_066
"""At 11.04 kW, rounded down."""


@dataclass
class Judge:
    """Judges poll after poll."""

    state: State = field(default_factory=State)

    def judge(self, reading: MeterReading) -> Verdict:
        verdict = judge(self.state, reading, LIMITS)
        self.state = verdict.state
        return verdict

    def charge(self, seconds: int, begin_s: int = 0) -> Verdict:
        """A vehicle draws 11 kW, and all is well."""
        for second in range(begin_s, begin_s + seconds + 1):
            verdict = self.judge(charging(HIGH + PER_SECOND_MWH * second, second))
            assert verdict.problems == {}
        return verdict


def named(serial_number: str) -> RegisterFacts:
    return RegisterFacts(step_mwh=1_000, serial_number=serial_number)


def test_a_healthy_session_is_believed_throughout() -> None:
    verdict = Judge().charge(120)
    assert verdict.reading.energy_import_mwh == HIGH + 120 * PER_SECOND_MWH
    assert all(item.quality is Quality.GOOD for item in verdict.reading.readings)


def test_an_impossible_count_is_marked_and_everything_else_stays() -> None:
    meter = Judge()
    meter.charge(3)
    verdict = meter.judge(charging(HIGH * 2, 4))
    assert verdict.problems == {IMPORT: Problem.COUNT_JUMPED}
    assert verdict.reading.energy_import_mwh is None
    assert verdict.reading.find("Power.Active.Import") is not None
    [suspect] = [item for item in verdict.reading.readings if item.quality is Quality.SUSPECT]
    assert suspect.value == HIGH * 2, "kept for people to look at"
    assert meter.judge(charging(HIGH + 5 * PER_SECOND_MWH, 5)).problems == {}


def test_another_serial_number_is_another_meter_at_once() -> None:
    meter = Judge()
    meter.judge(poll({IMPORT: HIGH}, 0, named("A")))
    verdict = meter.judge(poll({IMPORT: HIGH + 100}, 1, named("B")))
    assert verdict.broken is Break.REPLACED
    assert verdict.reading.energy_import_mwh is None, "even where its count would fit"
    assert meter.judge(poll({IMPORT: HIGH + 200}, 2, named("B"))).broken is Break.REPLACED


def test_a_serial_number_that_cannot_be_read_for_once_says_nothing() -> None:
    meter = Judge()
    meter.judge(poll({IMPORT: HIGH}, 0, named("A")))
    assert meter.judge(poll({IMPORT: HIGH}, 1, RegisterFacts())).broken is None
    assert meter.judge(poll({IMPORT: HIGH}, 2, named("A"))).broken is None
    assert meter.judge(poll({IMPORT: HIGH}, 3, named("B"))).broken is Break.REPLACED


def test_a_meter_set_back_to_nought() -> None:
    meter = Judge()
    meter.charge(3)
    verdicts = [meter.judge(charging(PER_SECOND_MWH * second, 4 + second)) for second in range(12)]
    assert {verdict.reading.energy_import_mwh for verdict in verdicts} == {None}
    assert [verdict.broken for verdict in verdicts[:10]] == [None] * 10
    assert verdicts[10].broken is Break.RESET


def test_other_registers_begin_anew_by_themselves() -> None:
    meter = Judge()
    meter.judge(poll({IMPORT: HIGH, EXPORT: HIGH}, 0))
    verdicts = [meter.judge(poll({IMPORT: HIGH, EXPORT: 0}, 1 + second)) for second in range(12)]
    assert verdicts[0].problems == {EXPORT: Problem.COUNT_FELL}
    assert all(verdict.broken is None for verdict in verdicts)
    assert meter.judge(poll({IMPORT: HIGH, EXPORT: 100}, 20)).problems == {}


def test_values_that_froze_are_all_suspect_until_they_move() -> None:
    meter = Judge()
    last = charging(HIGH, 0)
    verdict = meter.judge(last)
    for second in range(1, 32):
        frozen = poll({(item.measurand, item.phase): str(item.value) for item in last.readings}, second)
        verdict = meter.judge(frozen)
    assert set(verdict.problems.values()) == {Problem.FROZEN}
    assert not any(item.quality is Quality.GOOD for item in verdict.reading.readings)
    caught_up = meter.judge(charging(HIGH + 40 * PER_SECOND_MWH, 40))
    assert caught_up.problems == {IMPORT: Problem.COUNT_JUMPED}, "all at once, so it has to be confirmed"
    assert meter.judge(charging(HIGH + 41 * PER_SECOND_MWH, 41)).problems == {}


def test_a_count_that_stands_still_is_suspect_while_the_rest_is_not() -> None:
    meter = Judge()
    for second in range(90):
        verdict = meter.judge(charging(HIGH, second))
    assert verdict.problems == {IMPORT: Problem.COUNT_STANDS}


def test_power_that_contradicts_current_is_suspect_once_it_goes_on() -> None:
    """A contactor that opens between two registers is no fault of the meter."""
    meter = Judge()

    def contradicting(second: int) -> Verdict:
        right = charging(HIGH + PER_SECOND_MWH * second, second)
        return meter.judge(
            poll(
                {
                    (item.measurand, item.phase): "0" if item.unit == "W" else str(item.value)
                    for item in right.readings
                },
                second,
            )
        )

    assert [contradicting(second).problems for second in range(2)] == [{}, {}]
    assert meter.judge(charging(HIGH + 2 * PER_SECOND_MWH, 2)).problems == {}
    problems = [contradicting(second).problems for second in range(3, 6)]
    assert problems == [{}, {}, {("Power.Active.Import", None): Problem.POWER_MISMATCH}]


def test_a_transaction_goes_on_from_the_count_it_had_before_a_restart() -> None:
    def after(away_s: float, mwh: int, serial: str = "A") -> Verdict:
        return judge(resumed(HIGH, "A", 1000.0, away_s), poll({IMPORT: mwh}, 0.0, named(serial)), LIMITS)

    assert after(10, HIGH).problems == {}
    assert after(10, HIGH + 20_000_000).problems == {}, "the wall clock may be an hour wrong"
    assert after(-86_400, HIGH + 1_000).problems == {}, "it may have been set back"
    assert after(10, HIGH - 1_000_000).problems == {IMPORT: Problem.COUNT_FELL}
    assert after(10, HIGH + 100_000_000).problems == {IMPORT: Problem.COUNT_JUMPED}
    assert after(36_000, HIGH + 100_000_000).problems == {}
    assert after(10, HIGH, "B").broken is Break.REPLACED


def test_without_a_good_count_there_is_nothing_to_judge() -> None:
    verdict = judge(State(), poll({IMPORT: None}), LIMITS)
    assert (verdict.problems, verdict.broken, verdict.reading.energy_import_mwh) == ({}, None, None)


STORIES = st.lists(
    st.tuples(
        st.sampled_from(["good", "silent", "wrong", "none"]),
        st.integers(1, 30),
        st.integers(0, 30_000),
        st.integers(0, 2**44),
    ),
    min_size=1,
    max_size=80,
)


@given(story=STORIES)
def test_what_is_published_never_falls_and_never_exceeds_the_truth(
    story: list[tuple[str, int, int, int]],
) -> None:
    """A meter that counts up to 30 kW, is silent, answers nonsense or nothing: the bill is the truth at most.

    To the grain of the judgement: what the power could have brought about within the seconds of one poll.
    """
    meter, truth_mwh, now_s = Judge(), HIGH, 0
    meter.judge(poll({IMPORT: truth_mwh}, now_s))
    published_mwh, published_s = truth_mwh, now_s
    for kind, seconds, power_w, wrong_mwh in story:
        now_s += seconds
        truth_mwh += power_w * seconds * 10 // 36
        count = {"good": truth_mwh, "wrong": wrong_mwh, "none": None}.get(kind, truth_mwh)
        if kind == "silent":
            continue
        verdict = meter.judge(poll({IMPORT: count}, now_s))
        energy_mwh = verdict.reading.energy_import_mwh
        if verdict.broken is not None:
            break
        if energy_mwh is None:
            continue
        assert (energy_mwh, verdict.reading.taken_at) == (count, at(now_s)), "as measured, when measured"
        grain_mwh = 12_000 + int(LIMITS.most_w) * (now_s - published_s) * 10 // 36
        assert published_mwh <= energy_mwh <= truth_mwh + grain_mwh
        published_mwh, published_s = energy_mwh, now_s
