from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.display.choice import CYCLE_S, Situation, cycle, turn
from agent.display.messages import PRIORITIES, Message, Priority, State
from agent.display.notes import Note
from tests.unit.agent.display.texts import NOW, text

HOUR = timedelta(hours=1)
AT_1 = Situation(evse_id=1)
COST = Note(topic="cost", text="3.20 EUR")


def shown(
    messages: Iterable[Message], situation: Situation = AT_1, notes: Sequence[Note] = (), after: float = 0
) -> list[int | str]:
    texts = cycle(messages, notes, situation, NOW + after * HOUR)
    return [one.id if isinstance(one, Message) else one.topic for one in texts]


def test_all_of_the_normal_cycle_take_turns_after_the_stations_own() -> None:
    """O01.FR.12, O02.FR.14."""
    messages = [text(1), text(2, transaction_id="t")]
    running = Situation(evse_id=1, transactions=frozenset({"t"}))
    assert shown(messages, running, [COST]) == ["cost", 1, 2]


def test_in_front_keeps_the_normal_cycle_away_and_several_take_turns() -> None:
    """O01.FR.13, O01.FR.14, O02.FR.15, O02.FR.16."""
    messages = [text(1), text(2, priority="InFront"), text(3, priority="InFront")]
    assert shown(messages, notes=[COST]) == [2, 3]


def test_always_in_front_is_alone_and_the_latest_of_several() -> None:
    """O01.FR.15, O02.FR.17: not even the station's own words come between."""
    messages = [
        text(1, priority="AlwaysFront", set_at=NOW),
        text(2, priority="AlwaysFront", set_at=NOW + HOUR),
        text(3, priority="InFront"),
    ]
    assert shown(messages, notes=[COST]) == [2]


def test_a_note_in_several_languages_is_read_in_the_drivers_or_takes_turns() -> None:
    price = Note(
        topic="tariff",
        text="0.30",
        others=(
            Note(topic="tariff", text="0,30", language="nl"),
            Note(topic="tariff", text="0;30", language="de"),
        ),
    )

    def read(*languages: str) -> list[str]:
        return [one.text for one in cycle([], [price], Situation(languages=languages), NOW)]

    assert read() == ["0.30", "0,30", "0;30"]
    assert read("de") == ["0.30", "0;30"], "a text that names no language is for everybody"
    assert read("fr") == ["0.30", "0,30", "0;30"]


def test_a_message_is_for_the_display_that_it_names_or_for_all() -> None:
    """O01.FR.20, O01.FR.23."""
    messages = [text(1), text(2, evse_id=1), text(3, evse_id=2)]
    assert shown(messages) == [1, 2]
    assert shown(messages, Situation(evse_id=2)) == [1, 3]


def test_a_message_has_its_time() -> None:
    """O01.FR.06, O01.FR.07, O02.FR.06, O02.FR.07."""
    messages = [text(1, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)]
    assert [shown(messages, after=hour) for hour in (0.9, 1, 1.9, 2)] == [[], [1], [1], []]


@pytest.mark.parametrize("state", ["Charging", "Faulted", "Idle", "Unavailable"])
def test_a_message_for_a_state_is_shown_in_it_only(state: State) -> None:
    there, elsewhere = (
        frozenset({state}),
        frozenset({"Charging", "Faulted", "Idle", "Unavailable"} - {state}),
    )
    assert shown([text(1, state=state)], Situation(evse_id=1, states=there)) == [1]
    assert shown([text(1, state=state)], Situation(evse_id=1, states=elsewhere)) == []  # type: ignore[arg-type]  # a set of the four words


def test_a_message_of_a_transaction_is_shown_where_it_runs() -> None:
    """O02.FR.02."""
    bound = [text(1, transaction_id="t")]
    assert shown(bound, Situation(evse_id=1, transactions=frozenset({"t"}))) == [1]
    assert shown(bound, Situation(evse_id=2, transactions=frozenset({"u"}))) == []


def test_a_message_for_one_display_is_not_on_the_others_but_on_the_stations() -> None:
    one = [text(1, evse_id=2)]
    assert [shown(one, Situation(evse_id=evse_id)) for evse_id in (1, 2, None)] == [[], [1], [1]]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        ((), [1, 2, 3, 4]),
        (("de",), [1, 4]),
        (("fr", "de-AT"), [1, 4]),
        (("fr",), [2, 4]),
        (("DE-de",), [1, 4]),
        (("es", "de"), [3, 4]),
    ],
)
def test_the_drivers_language_is_chosen_else_english(languages: tuple[str, ...], expected: list[int]) -> None:
    """O01.FR.08, O01.FR.09, O02.FR.08, O02.FR.09, C01.FR.08, C01.FR.09, C01.FR.13."""
    messages = [
        text(1, language="de-DE"),
        text(2, language="en-US"),
        text(3, language="es"),
        text(4),
    ]
    assert shown(messages, Situation(evse_id=1, languages=languages)) == expected


def test_without_any_language_that_fits_everything_is_shown() -> None:
    messages = [text(1, language="es"), text(2, language="it")]
    assert shown(messages, Situation(evse_id=1, languages=("fr",))) == [1, 2]


def test_turns_go_round() -> None:
    texts = [text(1), text(2)]
    turns = [turn(texts, second) for second in (0, CYCLE_S - 0.1, CYCLE_S, 2 * CYCLE_S)]
    assert [one.id for one in turns if isinstance(one, Message)] == [1, 1, 2, 1]
    assert turn([], 5.0) is None


def priorities() -> st.SearchStrategy[list[Priority]]:
    return st.lists(st.sampled_from(PRIORITIES), max_size=6)


@given(priorities(), st.booleans())
def test_no_lower_priority_is_shown_beside_a_higher_one(wanted: list[Priority], has_note: bool) -> None:
    messages = [text(number, priority=priority) for number, priority in enumerate(wanted)]
    texts = cycle(messages, [COST] if has_note else [], AT_1, NOW)
    found = {one.priority for one in texts if isinstance(one, Message)}
    best = next((priority for priority in PRIORITIES if priority in wanted), None)
    assert found == ({best} if best else set())
    assert (COST in texts) == (has_note and best in (None, "NormalCycle"))
